/** Names of the Daily and Sports Activities set (Barshan and Altun, 2010), whose files carry numbers only. */
export const DSADS_CLASSES: readonly string[] = [
  'sitting',
  'standing',
  'lying on the back',
  'lying on the right side',
  'ascending stairs',
  'descending stairs',
  'standing in a lift',
  'moving in a lift',
  'walking in a parking lot',
  'walking on a treadmill',
  'walking on an inclined treadmill',
  'running on a treadmill',
  'exercising on a stepper',
  'exercising on a cross trainer',
  'cycling, lying',
  'cycling, upright',
  'rowing',
  'jumping',
  'playing basketball',
];

/** Judged as anomalous in the AMSL paper (table 2): the intense activities. */
export const DSADS_INTENSE: readonly string[] = [5, 6, 12, 18, 19].map((number) => DSADS_CLASSES[number - 1]);

const UNITS = ['torso', 'right arm', 'left arm', 'right leg', 'left leg'];
const QUANTITIES = [
  ['acc', 'm/s²'],
  ['gyro', 'rad/s'],
  ['mag', ''],
] as const;

/** Sensors in file order: five units, each with three axes of acceleration, rotation and magnetic field. */
export const DSADS_COLUMNS = UNITS.flatMap((system) =>
  QUANTITIES.flatMap(([quantity, unit]) =>
    ['x', 'y', 'z'].map((axis) => ({ name: `${system} ${quantity} ${axis}`, system, unit })),
  ),
);
