package io.countersign.local;

import io.countersign.local.plan.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Lets one launcher at a time start a mesh in a state folder. The kernel gives it back when the launcher ends.
record StartLock(FileChannel channel) implements AutoCloseable {

    /// Another launcher is at it.
    static final class Held extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        Held(Path file) {
            super("another ./dev up is starting a mesh there; its lock: " + file);
        }
    }

    static StartLock take(StateFolder state) {
        Path file = state.root().resolve("lock");
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new Held(file);
            }
            return new StartLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("lock " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("lock of the state folder", e);
        }
    }
}
