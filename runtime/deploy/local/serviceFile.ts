import { basename } from 'node:path';
import { textHash } from '../../support/textHash.ts';

/** What starts programs when somebody logs in: of Linux, macOS and Windows. */
export const serviceSystems = ['systemd', 'launchd', 'windows'] as const;
export type ServiceSystem = (typeof serviceSystems)[number];

export interface Service {
  root: string;
  /** The interpreter and the command line, both absolute. */
  program: string[];
}

export interface ServiceFile {
  text: string;
  /** What to do with it, for people; nothing is done here. */
  steps: string[];
}

/** The system that machines of a platform have. */
export function usualServiceSystem(platform: NodeJS.Platform): ServiceSystem {
  if (platform === 'win32') return 'windows';
  return platform === 'darwin' ? 'launchd' : 'systemd';
}

/** A file by which the system serves what a folder has deployed, from login on. */
export function serviceFile(system: ServiceSystem, { root, program }: Service): ServiceFile {
  const command = [...program, 'serve', 'run', '--alone', root];
  // Two folders of one name are two services.
  const name = `porchlight-${plain(basename(root))}-${textHash(root).slice(0, 8)}`;
  const { text, steps } = { systemd, launchd, windows }[system]({ root, name, command });
  return {
    text,
    steps: [
      ...steps,
      'The paths in it are those of now: print it again when Porchlight, Node.js or the folder moves.',
    ],
  };
}

interface Named {
  root: string;
  name: string;
  command: string[];
}

/** A user unit (systemd.service(5), systemd.syntax(7)). */
function systemd({ root, name, command }: Named): ServiceFile {
  const text = `[Unit]
Description=Porchlight serves ${root.replaceAll('%', '%%')}

[Service]
ExecStart=${command.map(systemdWord).join(' ')}
Restart=on-failure
RestartSec=5

[Install]
WantedBy=default.target
`;
  const steps = [
    `Save it as ~/.config/systemd/user/${name}.service, then:`,
    '  systemctl --user daemon-reload',
    `  systemctl --user enable --now ${name}`,
    'To serve while nobody is logged in as well: loginctl enable-linger',
  ];
  return { text, steps };
}

function systemdWord(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}

/** A launch agent (launchd.plist(5)). */
function launchd({ name, command }: Named): ServiceFile {
  const label = `com.${name.replace('-', '.')}`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${xml(label)}</string>
  <key>ProgramArguments</key>
  <array>
${command.map((word) => `    <string>${xml(word)}</string>`).join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
</dict>
</plist>
`;
  const file = `~/Library/LaunchAgents/${label}.plist`;
  return { text, steps: [`Save it as ${file}, then:`, `  launchctl bootstrap gui/$(id -u) ${file}`] };
}

/** A task (Task Scheduler schema 1.2), which a user may register without being an administrator. */
function windows({ root, name, command }: Named): ServiceFile {
  const [program = '', ...words] = command;
  const text = `<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Porchlight serves ${xml(root)}</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(program)}</Command>
      <Arguments>${xml(words.map(windowsWord).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
  const steps = [
    `Save it as ${name}.xml, then in PowerShell:`,
    `  Register-ScheduledTask -TaskName ${name} -Xml (Get-Content ${name}.xml -Raw -Encoding UTF8)`,
    `  Start-ScheduledTask -TaskName ${name}`,
  ];
  return { text, steps };
}

/** As programs on Windows take their command line apart: backslashes count before a quote only. */
function windowsWord(text: string): string {
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

function xml(text: string): string {
  const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => signs[sign]!);
}

/** What every one of these systems takes in a name. */
function plain(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'folder'
  );
}
