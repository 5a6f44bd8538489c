package io.countersign.follower;

/// A topic is no longer what was read so far, and is read from its start again: what was learnt from it is doubtful.
///
/// @param before what had been read, under the topic id that it was read from
/// @param after where reading goes on: the start of the topic that is there now
public record TopicReset(String topic, Reason reason, TopicPosition before, TopicPosition after) {
    /// Why the position holds no longer.
    public enum Reason {
        /// The topic was deleted and created anew, or the whole cluster is another one.
        REPLACED,
        /// The topic is the same, but the position is not in it: records were lost or deleted.
        TRUNCATED
    }
}
