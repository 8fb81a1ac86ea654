/**
 * `require` as this library's files see it, for finding what is installed beside it. CommonJS, so that nothing here needs
 * `import.meta`: ts-jest cannot turn a file with that into CommonJS, and Nest's CommonJS apps test with ts-jest.
 */
export = require;
