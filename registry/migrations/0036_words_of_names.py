"""The words of names, kept by the database so that misspelt ones can be corrected."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from registry.migrations._at_once import AtOnce

WORDS = r"""
-- Each word that ever stood in a name of anything but a city. Not unique, so that nobody waits for another who
-- adds the same word; one that is there twice is found once.
CREATE TABLE registry_name_word (word text NOT NULL);
CREATE INDEX registry_name_word_word ON registry_name_word (word);
CREATE INDEX registry_name_word_trigrams ON registry_name_word USING gin (word gin_trgm_ops);

-- Add the words of folded names that are not there. Those of letters alone, and long enough to be misspelt.
-- Planned anew for each call: what is best for all names takes long for one.
CREATE FUNCTION registry_keep_words(names text[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    IF cardinality(names) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO registry_name_word (word)
    SELECT DISTINCT lexeme FROM unnest(names) AS name CROSS JOIN unnest(to_tsvector('pg_catalog.simple', name))
    WHERE length(lexeme) > 2 AND lexeme !~ '[0-9]'
        AND NOT EXISTS (SELECT FROM registry_name_word known WHERE known.word = lexeme);
END
$$;
"""
NO_WORDS = "DROP FUNCTION registry_keep_words; DROP TABLE registry_name_word;"


class Migration(migrations.Migration):
    dependencies = [("registry", "0035_research_tables_kept")]
    operations = [
        migrations.RunSQL(WORDS, NO_WORDS),
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="cityoffice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values)); RETURN NULL;",
                            hash="734e14a991bad51f67a024357da565e037820dd0",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_2fb67",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_cityoffice",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="cityoffice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values EXCEPT SELECT folded FROM old_values)); RETURN NULL;",
                            hash="019183da7644ee7298ededdf1121a5fed2569770",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_4fbd6",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_cityoffice",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="issue",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values)); RETURN NULL;",
                            hash="5533dba99ff228474f2631509b06690b80c5f3ad",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_4cff2",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_issue",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="issue",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values EXCEPT SELECT folded FROM old_values)); RETURN NULL;",
                            hash="a909126715b08fc79f9a929f6ec1e32a70ca23ba",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_22c41",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_issue",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="jointpolicy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values)); RETURN NULL;",
                            hash="eba044088cb8689d36b10371513190bf716bfcf7",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_d8abe",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_jointpolicy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="jointpolicy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values EXCEPT SELECT folded FROM old_values)); RETURN NULL;",
                            hash="7dd439cc3d816bca45afaf34a9f42a779bf0f4c5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_4bcf1",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_jointpolicy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="network",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values)); RETURN NULL;",
                            hash="387f0692897d8039aaefb0c772cb0089b88e510c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_9da47",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_network",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="network",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values EXCEPT SELECT folded FROM old_values)); RETURN NULL;",
                            hash="62be2b9248fcf169074722e52e6f9beaba467178",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_d73f6",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_network",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkname",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values)); RETURN NULL;",
                            hash="d60685afe32ab276687fb70ef55f5304926265f4",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_bb430",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_networkname",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkname",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values EXCEPT SELECT folded FROM old_values)); RETURN NULL;",
                            hash="5f1f000dc55eed9e89382c3205b99d2303bfc62e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_8f990",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_networkname",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values)); RETURN NULL;",
                            hash="bb6f71b77810e6b2b99a358f8b86f66595d2bb01",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_fc2aa",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_organisation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values EXCEPT SELECT folded FROM old_values)); RETURN NULL;",
                            hash="61e84f685bd9b76f4d1c0eb6510dcf5884a26653",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_54d91",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_organisation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policyexperiment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='PERFORM registry_keep_words(ARRAY(SELECT registry_fold("left"(hypothesis, 200)) FROM new_values)); RETURN NULL;',
                            hash="5bd7b426c6b53f4647adb9065bcfc8796c368c87",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_aee12",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_policyexperiment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policyexperiment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='PERFORM registry_keep_words(ARRAY(SELECT registry_fold("left"(hypothesis, 200)) FROM new_values EXCEPT SELECT registry_fold("left"(hypothesis, 200)) FROM old_values)); RETURN NULL;',
                            hash="ae9e9a59b2a3d655691018fb7b0b1a399a79d6a2",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_2bc9f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_policyexperiment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="report",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values)); RETURN NULL;",
                            hash="5dbfe84e0353d7542fcc383f499685a061ea8f14",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_e1353",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_report",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="report",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT folded FROM new_values EXCEPT SELECT folded FROM old_values)); RETURN NULL;",
                            hash="96dc69c56ee16b65a68ab7040aa5c3cfbea92bbc",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_87741",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_report",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="schemeconcept",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT registry_fold(label) FROM new_values)); RETURN NULL;",
                            hash="0025b4c007ef89cfc53f67e81d579dac7b15f664",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_words_inserted_13255",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_schemeconcept",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="schemeconcept",
                    trigger=pgtrigger.compiler.Trigger(
                        name="words_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM registry_keep_words(ARRAY(SELECT registry_fold(label) FROM new_values EXCEPT SELECT registry_fold(label) FROM old_values)); RETURN NULL;",
                            hash="756460ede98bcfcc59a27b4323ab5fd34a01d14b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_words_updated_2c314",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_schemeconcept",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
