/** What the documents say, compared with what the product does. */
@org.jspecify.annotations.NullMarked
package dev.airlock.system.docs;
