-- Run once by the PostgreSQL image, when its data folder is new. `rapporteur` itself is POSTGRES_DB.
CREATE DATABASE demo;
