"""Bounds in a stored report, checked again: their certificates, and that they are about the ELF in hand.

Serves `tinyverify report`. States nothing of its own. Without the ELF a certificate shows no more than that its bound
follows from the flow graph that it names itself.
"""

from __future__ import annotations

from pathlib import Path

from tinyverify.artifacts.errors import ArtifactError
from tinyverify.binary.decode import NotUnderstood
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.binary.pipeline import TimingModel
from tinyverify.engines.wcet.analyse import flow_costs
from tinyverify.engines.wcet.certificate import Certificate, CertificateError, check, check_against, from_json
from tinyverify.obligations.wcet import ID
from tinyverify.results import Report


def check_stored(path: Path, report: Report) -> None:
    """Check the certificates of `wcet.total_cycles` in `report`, which was read from `path`.

    Raises ArtifactError naming the first that does not show the cycles stated beside it, or that the total does not
    add up.
    """
    evidence, certificates = _stored(path, report)
    shown = evidence.get("interrupt_cycles", 0)
    for index, (certificate, stated) in enumerate(certificates):
        try:
            cycles = check(certificate)
        except CertificateError as error:
            raise ArtifactError(path, _field(index), f"shows no bound: {error}") from error
        if cycles != stated.get("cycles"):
            raise ArtifactError(path, _field(index), f"shows {cycles} cycles, {stated.get('cycles')} are stated")
        shown += cycles
    totals = [row.get("cycles") for row in evidence.get("operations", []) if row.get("operation") == "total"]
    if evidence and totals != [shown]:
        raise ArtifactError(path, f"{ID}.evidence.operations", f"states {totals} cycles in all, {shown} are shown")


def check_elf(path: Path, report: Report, elf: Path) -> list[str]:
    """Check that `report` is about the file `elf`, and each certificate against the flow graph of its code.

    Returns a line for each certificate. Raises ArtifactError if the hashes differ, if the report names no ELF, or if a
    certificate is about other code.
    """
    firmware = read_elf(elf)
    hashes = {result.evidence["elf_sha256"] for result in report.obligations if "elf_sha256" in result.evidence}
    if not hashes:
        raise ArtifactError(path, "obligations", "say nothing about an ELF")
    if hashes != {firmware.sha256}:
        proved = ", ".join(sorted(hashes))
        raise ArtifactError(
            elf, "", f"has SHA-256 {firmware.sha256}, these results are about {proved}: it was changed after the proof"
        )
    evidence, certificates = _stored(path, report)
    try:
        model = TimingModel(**evidence.get("timing", {}))
    except TypeError as error:
        raise ArtifactError(path, f"{ID}.evidence.timing", f"is no timing model: {error}") from error
    return [
        _against(path, index, certificate, str(stated.get("function")), firmware, model)
        for index, (certificate, stated) in enumerate(certificates)
    ]


def _against(
    path: Path, index: int, certificate: Certificate, function: str, firmware: Firmware, model: TimingModel
) -> str:
    if function not in firmware.functions:
        return f"{function}: not in {firmware.path.name}, its certificate is not compared with code"
    try:
        cycles = check_against(certificate, flow_costs(firmware, function, model))
    except (CertificateError, NotUnderstood) as error:
        raise ArtifactError(path, _field(index), f"is not about {firmware.path}: {error}") from error
    return f"{function}: the certificate shows {cycles} cycles for {firmware.path.name}"


def _stored(path: Path, report: Report) -> tuple[dict, list[tuple[Certificate, dict]]]:
    """Evidence of `wcet.total_cycles` (empty without it), and its certificates with what is stated of each."""
    evidence = next((result.evidence for result in report.obligations if result.id == ID), {})
    found = []
    for index, stated in enumerate(evidence.get("certificates", [])):
        try:
            found.append((from_json(stated), stated))
        except CertificateError as error:
            raise ArtifactError(path, _field(index), str(error)) from error
    return evidence, found


def _field(index: int) -> str:
    return f"{ID}.evidence.certificates.{index}"
