// Certificates of a cluster's nodes, made as its manual says.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gleaner } from '../system/harness.mjs';
import { temporaryFolder } from '../system/processes.mjs';

export class ClusterCertificates {
  folder = join(temporaryFolder(), 'ca');

  /// `host` is where nodes join the coordinator.
  static async make(host) {
    const made = new this();
    await made.run(['init-ca']);
    await made.run(['issue', 'coordinator', '--host', host]);
    await made.run(['issue', 'fetcher']);
    return made;
  }

  async run(words, settings = {}) {
    const { code, stderr } = await gleaner(['cluster', ...words, '--folder', this.folder], settings);
    assert.equal(code, 0, stderr);
  }

  path(name) {
    return join(this.folder, name);
  }

  /// The settings of a node with the certificate `name`.
  settings(name) {
    return { GLEANER_CLUSTER__TLS_CA: this.path('ca.pem'), GLEANER_CLUSTER__TLS_CERT: this.path(`${name}.pem`),
      GLEANER_CLUSTER__TLS_KEY: this.path(`${name}.key`) };
  }
}
