-- No process claims an occurrence that is still to come, whatever its own clock says. The engine, which starts them, may
-- be ahead of this clock by five seconds: above that a claim is tried again until its time has come. (The migrations are
-- cut at every semicolon, hence \x3b.)
CREATE FUNCTION "report_is_due"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  RAISE EXCEPTION ''the occurrence of % is still to come'', NEW.scheduled_for USING ERRCODE = ''check_violation''\x3b
END';
CREATE TRIGGER "report_is_due" BEFORE INSERT ON "report"
  FOR EACH ROW WHEN (NEW.scheduled_for > clock_timestamp() + interval '5 seconds')
  EXECUTE FUNCTION "report_is_due"();
