"""Code systems as other standards name them: by OID. Pure.

Source: HL7 OID registry (https://www.hl7.org/oid/); the same in the NLM's MedlinePlus Connect.
"""

from articles.record.vocabulary import CodeSystem

OIDS = {
    CodeSystem.ICD_10_CM.value: "2.16.840.1.113883.6.90",
    CodeSystem.SNOMED_CT.value: "2.16.840.1.113883.6.96",
    CodeSystem.RXNORM.value: "2.16.840.1.113883.6.88",
    CodeSystem.MESH.value: "2.16.840.1.113883.6.177",
    CodeSystem.LOINC.value: "2.16.840.1.113883.6.1",
}


def urn(system: str) -> str:
    """`urn:oid:2.16.840.1.113883.6.90`. Source: RFC 3061."""
    return f"urn:oid:{OIDS[system]}"
