import type { ControllerParts, ProviderDeps } from './deps.ts';
import { escrowController } from './escrow/controller.ts';
import { forgottenController } from './forgotten/controller.ts';
import { gateController } from './forgotten/gate.ts';
import { heartbeatController } from './heartbeat/controller.ts';
import { agentInstallationController } from './installation/controller.ts';
import { revocationController } from './installation/revocation.ts';
import { pivotController } from './pivot/controller.ts';
import { policiesController } from './policies/controller.ts';
import { teardownController } from './teardown/controller.ts';
import { reportController } from './teardown/report-controller.ts';
import { watchesController } from './watches/controller.ts';

/** controllersOf returns all controllers of the provider. */
export function controllersOf(deps: ProviderDeps): readonly ControllerParts[] {
  return [
    policiesController(deps),
    forgottenController(deps),
    gateController(deps),
    agentInstallationController(deps),
    revocationController(deps),
    pivotController(deps),
    escrowController(deps),
    heartbeatController(deps),
    teardownController(deps),
    reportController(deps),
    watchesController(deps),
  ];
}
