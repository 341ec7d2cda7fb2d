import { Dialog } from './Dialog';

const SHORTCUTS: readonly (readonly [string[], string])[] = [
  [['j'], 'Next task'],
  [['k'], 'Task before'],
  [['Enter'], 'Open the task'],
  [['/'], 'Search'],
  [['n'], 'New task'],
  [['Ctrl', 'Enter'], 'Send the form'],
  [['?'], 'This list'],
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="shortcuts dialog-body">
        {SHORTCUTS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
