"""Opens the documents of test vectors with jwcrypto alone, and says what it read in them.

Usage: /usr/bin/python3 open_with_jwcrypto.py FILE...

Prints one JSON object: the id of each test with a signed or sealed document, and the text in it, or null when
jwcrypto refused the document. Nothing of Latchkey's own rules is checked here, which is the point.
"""

import json
import sys

from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS


def keys_by_id(jwk_set, default_algorithm):
    """Key id -> (key, algorithm). A key is found under its thumbprint when it has no name, or is a secret."""
    found = {}
    for jwk in jwk_set["keys"]:
        key = JWK(**{name: jwk[name] for name in ("kty", "n", "e", "k") if name in jwk})
        entry = (key, jwk.get("alg", default_algorithm))
        if "kid" in jwk:
            found[jwk["kid"]] = entry
        if "kid" not in jwk or jwk["kty"] == "oct":
            found[key.thumbprint()] = entry
    return found


def header_of(token):
    header = token.jose_header
    return header[0] if isinstance(header, list) else header


def verify(text, keys):
    token = JWS()
    token.deserialize(text)
    key, algorithm = keys[header_of(token)["kid"]]
    token.allowed_algs = [algorithm]
    token.verify(key)
    return token.payload


def decrypt(text, keys):
    token = JWE()
    token.allowed_algs = ["dir", "A256GCM"]
    token.deserialize(text)
    key, _ = keys[header_of(token)["kid"]]
    token.decrypt(key)
    return token.payload


def open_group(group):
    if "trustedKeys" in group:
        name, opener, keys = "jws", verify, keys_by_id(group["trustedKeys"], "PS256")
    else:
        name, opener, keys = "sealed", decrypt, keys_by_id(group["testOnlyEncryptionKeys"], None)
    for test in group["tests"]:
        try:
            # Bytes that are not UTF-8 were opened, too: what they say is not jwcrypto's to judge.
            text = opener(test[name], keys).decode("utf-8", "backslashreplace")
        except Exception:  # jwcrypto refuses in many ways, and with errors of every kind
            text = None
        yield test["tcId"], text


def main(paths):
    opened = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            groups = json.load(file)["testGroups"]
        for group in groups:
            if group["type"] in ("SignedLicense", "SignedRevocation", "SealedLicense", "KeyFile"):
                opened.update(open_group(group))
    json.dump(opened, sys.stdout)


main(sys.argv[1:])
