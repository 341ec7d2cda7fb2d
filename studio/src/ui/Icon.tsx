/** Line icons on a 16-unit grid. They stand beside words, and are hidden from screen readers. */
const PATHS = {
  tasks: 'M2.500 4h1M2.500 8h1M2.500 12h1M6 4h7.500M6 8h7.500M6 12h7.500',
  queues: 'M2.500 3h11v3h-11zM2.500 8h8v2h-8zM2.500 12h5v1.500h-5',
  key: 'M6.500 9.500a3.500 3.500 0 1 1 0-5 3.500 3.500 0 0 1 0 5zm0 0L7 9l6 0v2M10.500 9v2',
  api: 'M5.500 4 2 8l3.500 4M10.500 4 14 8l-3.500 4',
  plus: 'M8 3v10M3 8h10',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM10.500 10.500 14 14',
  close: 'M4 4l8 8M12 4l-8 8',
  sun: 'M8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M3.400 12.600l1-1M11.600 4.400l1-1',
  moon: 'M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500z',
  system: 'M2 3h12v8H2zM6 13.500h4M8 11v2.500',
  user: 'M8 8a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM3 13.500c.500-3 2.500-4 5-4s4.500 1 5 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  chevron: 'M6 4l4 4-4 4',
  branch:
    'M4.500 10.500v-5M4.500 5.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM4.500 13.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM11.500 6.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM11.500 6.500c0 3-3 2.500-7 4',
  copy: 'M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z',
  check: 'M3 8.500 6.500 12 13 4.500',
  alert: 'M8 2 14.500 13.500h-13zM8 6.500v3M8 11.500v.200',
  terminal: 'M2 3h12v10H2zM4.500 6l2 2-2 2M8.500 10.500h3',
  file: 'M4 1.500h5.500L12.500 4.500v10H4zM9.500 1.500v3h3',
  pencil: 'M3 13l.700-3L11 2.700l2.300 2.300L6 12.300z',
  todo: 'M2 4l1.200 1.200L5.500 3M2 10l1.200 1.200L5.500 9M8 4.500h6M8 10.500h6',
  tool: 'M10 2.500a3.500 3.500 0 0 0-3 5L2.500 12l1.500 1.500L8.500 9a3.500 3.500 0 0 0 5-4L11.500 7 9.500 6.500 9 4.500z',
  pause: 'M5.500 4v8M10.500 4v8',
  play: 'M5 3.500l7 4.500-7 4.500z',
  retry: 'M13 8A5 5 0 1 1 8 3h3M9 1l2 2-2 2',
  trash: 'M3 4.500h10M6.500 4.500v-2h3v2M4.500 4.500l.500 9h6l.500-9',
  mail: 'M2 3.500h12v9H2zM2.500 4.500 8 9l5.500-4.500',
  code: 'M6 2.500 4.500 13.500M11.500 2.500 10 13.500M2.500 6h11.500M2 10h11.500',
  signOut: 'M6 2.500H2.500v11H6M7 8h7M11 5l3 3-3 3',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
