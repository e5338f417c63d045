"""What browsers and passkeys are asked, and whether their answers hold. The library `webauthn` runs both ceremonies.

A passkey signs the SHA-256 of a text: a statement, or the request to enrol another key. The server keeps the text as a
`PasskeyRequest` of the person, which the answer uses up.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from articles.errors import NotAuthenticated
from articles.record.keys import cards, proofs
from articles.record.keys.cards import challenge_of, decoded, encoded
from articles.review.passkeys.models import Passkey, PasskeyRequest

Json = dict[str, Any]

GOOD_FOR = timedelta(minutes=5)
LONGEST_ANSWER = 20_000  # characters of JSON
ALGORITHMS = [COSEAlgorithmIdentifier(number) for number in (cards.ES256, cards.EDDSA, cards.RS256)]
NOTHING = "Nothing was signed."
EXPIRED = f"{NOTHING} The passkey confirmed another page, or it took more than five minutes. Sign again."


def origin() -> str:
    """The origin at which passkeys are used: scheme, host and port of ADMIN_URL."""
    address = urlsplit(settings.ADMIN_URL)
    return f"{address.scheme}://{address.netloc}"


def keep(user: User, text: str) -> PasskeyRequest:
    """Keep a text that the person's passkey is asked to sign. Texts that nobody signed in time go."""
    now = timezone.now()
    PasskeyRequest.objects.filter(at__lte=now - GOOD_FOR).delete()
    return PasskeyRequest.objects.create(user_id=user.pk, challenge=encoded(challenge_of(text)), text=text, at=now)


def find_kept(user: User, answer: Json) -> str:
    """The text that this answer of a browser is about. Raises NotAuthenticated if this person was not asked lately."""
    try:
        challenge = str(json.loads(decoded(answer["response"]["clientDataJSON"]))["challenge"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotAuthenticated(f"{NOTHING} The browser's answer cannot be read. Sign again.") from error
    rows = PasskeyRequest.objects.filter(user_id=user.pk, challenge=challenge, at__gt=timezone.now() - GOOD_FOR)
    if (row := rows.first()) is None:
        raise NotAuthenticated(EXPIRED)
    return row.text


def use_up(user: User, text: str) -> None:
    """In the transaction of the act. Raises NotAuthenticated if the text was signed already."""
    count, _ = PasskeyRequest.objects.filter(user_id=user.pk, challenge=encoded(challenge_of(text))).delete()
    if not count:
        raise NotAuthenticated(EXPIRED)


def read_answer(text: str) -> Json:
    """What `PublicKeyCredential.toJSON()` gives. Raises NotAuthenticated for anything else."""
    try:
        answer = json.loads(text) if len(text) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise NotAuthenticated(f"{NOTHING} The browser's answer cannot be read. Sign again.")
    return answer


def options_to_sign(text: str, keys: Iterable[Passkey]) -> Json:
    """`publicKey` of `navigator.credentials.get`, as JSON."""
    options = generate_authentication_options(
        rp_id=settings.RP_ID,
        challenge=challenge_of(text),
        timeout=int(GOOD_FOR.total_seconds() * 1000),
        allow_credentials=[_descriptor(key) for key in keys],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def options_to_enrol(text: str, user: User, keys: Iterable[Passkey]) -> Json:
    """`publicKey` of `navigator.credentials.create`, as JSON. `keys`: those that the person has."""
    options = generate_registration_options(
        rp_id=settings.RP_ID,
        rp_name=settings.WAGTAIL_SITE_NAME,
        user_id=f"vetted:{user.pk}".encode(),
        user_name=user.get_username(),
        challenge=challenge_of(text),
        timeout=int(GOOD_FOR.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(key) for key in keys],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json_dict(options)


def verify(key: Passkey, answer: Json, text: str) -> Json:
    """The proof that this key signed the text (articles.record.keys.proofs). Notes its sign count on the row, unsaved.

    Raises NotAuthenticated.
    """
    try:
        proof = proof_of(key, answer["response"])
        if said := proofs.fault(proof, text):
            raise NotAuthenticated(f"{NOTHING} {said}")
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge_of(text),
            expected_rp_id=settings.RP_ID,
            expected_origin=origin(),
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAuthenticated(f"{NOTHING} The passkey's answer does not hold: {error}.") from error
    key.sign_count, key.is_backed_up, key.used_at = found.new_sign_count, found.credential_backed_up, timezone.now()
    return proof


def proof_of(key: Passkey, response: Mapping[str, str]) -> Json:
    """Raises KeyError, TypeError, ValueError for a response that is none."""
    names = ("authenticatorData", "clientDataJSON", "signature")
    return {
        "assertion": {name: encoded(decoded(response[name])) for name in names},
        "key": {"id": key.credential, "spki": encoded(bytes(key.spki)), "alg": key.alg},
        "rp": settings.RP_ID,
        "origin": origin(),
    }


def read_new_key(answer: Json, text: str) -> Passkey:
    """The key that the authenticator made, unsaved. Raises NotAuthenticated."""
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge_of(text),
            expected_rp_id=settings.RP_ID,
            expected_origin=origin(),
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
        cose = decode_credential_public_key(found.credential_public_key)
        spki = decoded_public_key_to_cryptography(cose).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAuthenticated(f"No passkey was added. The answer does not hold: {error}.") from error
    return Passkey(
        credential=encoded(found.credential_id),
        public_key=found.credential_public_key,
        spki=spki,
        alg=int(cose.alg),
        sign_count=found.sign_count,
        transports=_transports(answer),
        is_synced=found.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
        is_backed_up=found.credential_backed_up,
        made_at=timezone.now(),
    )


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(name) for name in key.transports]
    return PublicKeyCredentialDescriptor(id=decoded(key.credential), transports=transports or None)


def _transports(answer: Json) -> list[str]:
    """How the browser reaches the key, as far as it is known: usb, internal, …"""
    named = answer["response"].get("transports")
    known = {each.value for each in AuthenticatorTransport}
    return [name for name in named if name in known] if isinstance(named, list) else []
