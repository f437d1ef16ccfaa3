// Certificates, good ones and each kind of bad one, made by openssl in a folder of their own.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SteppedClock } from './stepped_clock.mjs';

const dayMs = 86_400_000;
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

export class Certificates {
  constructor(folder) {
    this.folder = folder;
    this.clock = new SteppedClock();
    for (const ca of ['ca', 'stranger']) this.selfSigned(ca, `/CN=${ca}`);
  }

  path(name) {
    return join(this.folder, name);
  }

  openssl(...args) {
    const env = { ...process.env, ...this.clock.env };
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe', env });
  }

  /// Signed by itself, and a CA as openssl makes them.
  selfSigned(name, subject = '/CN=localhost', more = []) {
    this.openssl('req', '-x509', ...curve, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', subject,
      '-days', '2', ...more);
  }

  /// `name`.pem and `name`.key: for localhost by `ca`, unless said otherwise. `madeAt`: days from now;
  /// it is good for two.
  signed(name, { by = 'ca', host = 'localhost', extra = '', madeAt = 0, key = curve, digest = '-sha256' } = {}) {
    this.clock.set(madeAt * dayMs);
    writeFileSync(this.path(`${name}.ext`), `subjectAltName=DNS:${host}\n${extra}\n`);
    this.openssl('req', ...key, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${host}`);
    this.openssl('x509', '-req', digest, '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`,
      '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`);
    this.clock.set(0);
  }
}
