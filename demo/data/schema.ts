/**
 * Tables of the demo's source database: a recycling centre's till and reception, and a school-feeding
 * programme. Plain PostgreSQL, no extension. Keys and indexes come after the load, which is faster.
 */

export const tables = `
create table demo_data_seed (
  id boolean primary key default true check (id),
  version integer not null,
  -- What DEMO_DATA_ROWS asked for; null: the default rate.
  asked_rows bigint,
  tickets_per_day double precision not null,
  -- The last day that has rows, and the moment up to which it has them.
  seeded_through timestamptz not null
);
comment on table demo_data_seed is 'What demo/data wrote here. Drop it, and nothing here is touched again.';

create table sites (id integer not null, code text not null, name text not null, city text not null);
create table operators (
  id integer not null, full_name text not null, kind text not null, site_id integer not null
);
create table categories (id integer not null, name text not null);
create table destinations (id integer not null, code text not null, name text not null);

create table cash_sessions (
  id bigint not null,
  number text not null,
  site_id integer not null,
  till text not null,
  business_date date not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  opened_by integer not null,
  closed_by integer,
  opening_amount numeric(12,2) not null,
  cash_sales numeric(12,2) not null,
  card_sales numeric(12,2) not null,
  cheque_sales numeric(12,2) not null,
  withdrawals numeric(12,2) not null,
  -- Counted in the drawer; null until the till is closed.
  closing_amount numeric(12,2),
  sale_count integer not null,
  status text not null,
  checked boolean,
  comment text
);

create table reception_tickets (
  id bigint not null,
  number text not null,
  site_id integer not null,
  received_at timestamptz not null,
  volunteer_id integer not null,
  donor_kind text not null,
  donor_postcode text,
  category_id integer not null,
  weight_kg numeric(10,3) not null,
  item_count integer,
  destination_id integer not null,
  barcode text,
  estimated_value numeric(12,2),
  hazardous boolean not null,
  collected_on date,
  comment text
);

create table provinces (id integer not null, name text not null, capital text not null);
create table schools (
  id integer not null,
  code text not null,
  name text not null,
  province_id integer not null,
  territory text not null,
  kind text not null,
  head_teacher text,
  phone text,
  opened_on date,
  registered_at timestamptz not null,
  canteen boolean not null,
  distance_km numeric(6,1),
  note text
);
create table guardians (
  id bigint not null,
  full_name text not null,
  relation text not null,
  phone text,
  birth_date date,
  village text,
  province_id integer not null,
  monthly_contribution numeric(14,2),
  mobile_money boolean,
  registered_at timestamptz not null,
  note text
);
create table pupils (
  id bigint not null,
  registration_number text not null,
  last_name text not null,
  first_name text not null,
  sex text not null,
  birth_date date,
  school_id integer not null,
  grade text not null,
  guardian_id bigint,
  registered_at timestamptz not null,
  allergic boolean,
  weight_kg numeric(5,1),
  attendance_rate numeric(5,2),
  note text
);
create table meal_attendance (
  school_id integer not null,
  served_on date not null,
  pupils_present integer not null,
  meals_served integer not null,
  meal text
);
`

/** Added after the load. Each period filter has its index; ties are in it, so rows come out in order. */
export const keysAndIndexes = `
alter table sites add primary key (id), add unique (code), add unique (name);
alter table operators add primary key (id), add foreign key (site_id) references sites;
alter table categories add primary key (id);
alter table destinations add primary key (id), add unique (code);
alter table provinces add primary key (id), add unique (name);
alter table schools add primary key (id), add unique (code), add foreign key (province_id) references provinces;
alter table guardians add primary key (id), add foreign key (province_id) references provinces;
alter table pupils add primary key (id), add unique (registration_number),
  add foreign key (school_id) references schools, add foreign key (guardian_id) references guardians;
alter table meal_attendance add primary key (school_id, served_on), add foreign key (school_id) references schools;
alter table cash_sessions add primary key (id), add unique (number),
  add foreign key (site_id) references sites,
  add foreign key (opened_by) references operators, add foreign key (closed_by) references operators;
alter table reception_tickets add primary key (id),
  add foreign key (site_id) references sites, add foreign key (volunteer_id) references operators,
  add foreign key (category_id) references categories, add foreign key (destination_id) references destinations;

create index on cash_sessions (opened_at, id);
create index on cash_sessions (site_id);
create index on reception_tickets (received_at, id);
create index on reception_tickets (site_id);
create index on reception_tickets (category_id);
create index on guardians (registered_at, id);
create index on guardians (province_id);
create index on pupils (registered_at, id);
create index on pupils (school_id);
create index on pupils (guardian_id);
create index on pupils (birth_date);
create index on schools (province_id);
create index on meal_attendance (served_on);
`

/** In the order they may be dropped. */
export const tableNames = [
  'reception_tickets',
  'cash_sessions',
  'meal_attendance',
  'pupils',
  'guardians',
  'schools',
  'provinces',
  'destinations',
  'categories',
  'operators',
  'sites',
  'demo_data_seed',
] as const
