package dev.airlock.cli.session;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Shows foreign bytes on a terminal, without letting them at it. A character may be split between two writes. */
public final class Terminal {
    private final Answers answers;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] held = new byte[0];

    public Terminal(Answers answers) {
        this.answers = answers;
    }

    public void write(byte[] bytes) {
        byte[] all = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, all, held.length, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(all);
        CharBuffer out = CharBuffer.allocate(all.length + 1);
        decoder.decode(in, out, false);
        held = Arrays.copyOfRange(all, in.position(), all.length);
        String text = out.flip().toString().replace("\r\n", "\n");
        answers.raw(Visible.text(text).getBytes(StandardCharsets.UTF_8));
    }
}
