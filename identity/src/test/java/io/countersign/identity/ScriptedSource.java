package io.countersign.identity;

import java.security.KeyPair;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/// A ca-service that answers as it was told, one answer an attempt; after the last one it is away.
final class ScriptedSource implements SvidSource {
    private final Queue<Function<KeyPair, CaAnswer>> answers = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();

    /// One attempt.
    record Asked(String how, KeyPair keys) {}

    synchronized ScriptedSource then(Function<KeyPair, CaAnswer> answer) {
        answers.add(answer);
        return this;
    }

    synchronized ScriptedSource then(CaAnswer answer) {
        return then(_ -> answer);
    }

    synchronized boolean isSpent() {
        return answers.isEmpty();
    }

    synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public CaAnswer join(JoinToken token, KeyPair keys) {
        return answer("join", keys);
    }

    @Override
    public CaAnswer renew(IssuedSvid present, KeyPair keys) {
        return answer("renew " + present.svid().serialHex(), keys);
    }

    private synchronized CaAnswer answer(String how, KeyPair keys) {
        asked.add(new Asked(how, keys));
        var answer = answers.poll();
        return answer == null ? new CaAnswer.Unreachable("nothing more was scripted") : answer.apply(keys);
    }
}
