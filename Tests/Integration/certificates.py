"""Certificates for a test, made by the `openssl` command."""

import subprocess
from pathlib import Path


def openssl(*arguments, **options):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True,
                   timeout=60, **options)


class Authority:
    """A certificate authority of one test."""

    def __init__(self, directory: Path, name: str = "authority"):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.certificate = directory / f"{name}.pem"
        self.key = directory / f"{name}.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", self.key,
                "-out", self.certificate)

    def issue(self, name: str, hosts: str = "DNS:localhost,IP:127.0.0.1",
              start: str | None = None, end: str | None = None) -> tuple[Path, Path]:
        """A certificate and its key, for serving and for calling."""
        certificate, key = self.directory / f"{name}.pem", self.directory / f"{name}.key"
        request = self.directory / f"{name}.csr"
        extensions = self.directory / f"{name}.cnf"
        extensions.write_text(f"subjectAltName={hosts}\n"
                              "extendedKeyUsage=serverAuth,clientAuth\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        # `ca` alone can set both ends of the validity in every OpenSSL 3.
        database = self.directory / "database"
        database.mkdir(exist_ok=True)
        (database / "index").touch()
        configuration = self.directory / "ca.cnf"
        configuration.write_text(
            f"[ca]\ndefault_ca=own\n[own]\ndatabase={database}/index\nnew_certs_dir={database}\n"
            "rand_serial=yes\ndefault_md=sha256\npolicy=any\nunique_subject=no\n"
            "[any]\ncommonName=supplied\n")
        validity = ["-startdate", start, "-enddate", end] if start and end else ["-days", "2"]
        openssl("ca", "-batch", "-notext", "-config", configuration, "-cert", self.certificate,
                "-keyfile", self.key, "-in", request, "-out", certificate,
                "-extfile", extensions, *validity)
        return certificate, key
