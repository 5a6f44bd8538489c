/// Order in the repository: sizes, words, decisions, golden files, and documents that say what the code says.
package io.countersign.integration.tidy;
