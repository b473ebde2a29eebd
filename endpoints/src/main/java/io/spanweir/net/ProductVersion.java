package io.spanweir.net;

/** How Spanweir names itself to peers. Threading: any thread. */
public final class ProductVersion {
    private ProductVersion() {}

    /** {@code Spanweir/1.2.3}; {@code Spanweir/dev} where the jar has no manifest. */
    public static String userAgent() {
        String version = ProductVersion.class.getPackage().getImplementationVersion();
        return "Spanweir/" + (version == null ? "dev" : version);
    }
}
