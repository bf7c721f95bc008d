package dev.airlock.evidence.export;

import dev.airlock.evidence.audit.TopicRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files {@code records-N.ndjson} of an export, as the topic that they were: a record's offset is its line. */
final class ExportedRecords implements TopicRecords {
    private static final Pattern RECORDS = Pattern.compile("records-(0|[1-9][0-9]{0,5})\\.ndjson");

    private final ExportFiles files;

    ExportedRecords(ExportFiles files) {
        this.files = files;
    }

    static boolean isOne(String file) {
        return RECORDS.matcher(file).matches();
    }

    @Override
    public void read(Sink sink) {
        try {
            files.each((name, content) -> {
                Matcher records = RECORDS.matcher(name);
                if (records.matches()) {
                    int partition = Integer.parseInt(records.group(1));
                    Lines lines = new Lines(content);
                    long offset = 0;
                    for (byte[] record = lines.next(); record != null; record = lines.next()) {
                        sink.take(partition, offset++, null, record);
                    }
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
