/** Version of the command line; a spec keeps it equal to the package's. */
export const version = '0.1.0';
