/** What a component is: kinds, ids, factories, contexts, life cycle. The vocabulary of component authors. */
@org.jspecify.annotations.NullMarked
package io.spanweir.component;
