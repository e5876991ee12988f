import { integer, list, object, text, type Schema } from './schema.ts';

const maintenanceWindow = object(
  'A recurring time in which disruptive work may start.',
  {
    days: list(
      'Days of the week; all when left out.',
      text('Day.', { enum: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] }),
      { maxItems: 7 },
    ),
    start: text('Start, HH:MM in UTC.', {
      maxLength: 5,
      rules: [
        {
          rule: "self.matches('^([01][0-9]|2[0-3]):[0-5][0-9]$')",
          message: 'upgrade.maintenanceWindows[].start must be HH:MM in UTC, for example 22:30',
        },
      ],
    }),
    durationMinutes: integer('Length in minutes.', { minimum: 15, maximum: 10080 }),
  },
  { required: ['start', 'durationMinutes'] },
);

/** upgrade is `spec.upgrade`: how disruptive changes are carried out. */
export const upgrade: Schema = object(
  'How changes that replace machines are carried out.',
  {
    workersInParallel: integer('How many node pools are changed at the same time.', {
      minimum: 1,
      maximum: 32,
      default: 1,
    }),
    maintenanceWindows: list(
      'When such changes may start; always when left out.',
      maintenanceWindow,
      { maxItems: 16 },
    ),
    approval: text('Manual waits for a person before machines are replaced.', {
      enum: ['Automatic', 'Manual'],
      default: 'Automatic',
    }),
  },
  { default: {} },
);
