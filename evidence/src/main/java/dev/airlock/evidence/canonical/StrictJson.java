package dev.airlock.evidence.canonical;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;

/** Refuses what the canonicalizer would take although it has no canonical form, and bounds its recursion. */
final class StrictJson {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private StrictJson() {}

    /** @throws IOException unless the text is exactly one JSON value, whose numbers are doubles without loss */
    static void check(String json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            int depth = 0;
            int values = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                values += depth == 0 ? 1 : 0;
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                checkNumber(parser, token);
            }
            if (values != 1) {
                throw new IOException("not one JSON value but " + values);
            }
        }
    }

    private static void checkNumber(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_INT) {
            BigDecimal exact = parser.getDecimalValue();
            double nearest = exact.doubleValue();
            if (Double.isInfinite(nearest) || new BigDecimal(nearest).compareTo(exact) != 0) {
                throw new IOException(
                        "the number " + parser.getText() + " is not exact as a double; write it as a string");
            }
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT && !Double.isFinite(parser.getDoubleValue())) {
            throw new IOException("the number " + parser.getText() + " is too large for a double");
        }
    }
}
