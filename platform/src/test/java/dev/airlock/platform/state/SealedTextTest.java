package dev.airlock.platform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedTextTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void onlyWhoHasTheSecretReadsItForWhatItWasSealedFor() {
        InstallationSecret ours = InstallationSecret.keptIn(directory.resolve("ours"));
        InstallationSecret theirs = InstallationSecret.keptIn(directory.resolve("theirs"));
        String sealed = SealedText.seal(ours, "purpose", "call-1", "geheim ✓");

        assertThat(SealedText.open(ours, "purpose", "call-1", sealed)).isEqualTo("geheim ✓");
        assertThat(sealed).doesNotContain("geheim");
        assertThat(SealedText.seal(ours, "purpose", "call-1", "geheim ✓")).isNotEqualTo(sealed);
        assertThatIllegalArgumentException().isThrownBy(() -> SealedText.open(theirs, "purpose", "call-1", sealed));
        assertThatIllegalArgumentException().isThrownBy(() -> SealedText.open(ours, "other", "call-1", sealed));
        assertThatIllegalArgumentException().isThrownBy(() -> SealedText.open(ours, "purpose", "call-2", sealed));
    }

    @Test
    void whatWasTouchedDoesNotOpen() {
        InstallationSecret secret = InstallationSecret.keptIn(directory.resolve("secret"));
        byte[] sealed = Base64.getDecoder().decode(SealedText.seal(secret, "p", "b", "text"));
        sealed[sealed.length - 1] ^= 1;
        String touched = Base64.getEncoder().encodeToString(sealed);

        assertThatIllegalArgumentException().isThrownBy(() -> SealedText.open(secret, "p", "b", touched));
        assertThatIllegalArgumentException().isThrownBy(() -> SealedText.open(secret, "p", "b", "AAAA"));
        assertThatIllegalArgumentException().isThrownBy(() -> SealedText.open(secret, "p", "b", "no base64!"));
    }
}
