namespace WhatsOps.Audits;

/// <summary>What is wrong with the instance name in a product's row; one verdict per row, the worst that fits.</summary>
internal enum NameVerdict
{
    /// <summary>Prefix + slug, exactly.</summary>
    Exact,

    /// <summary>Null or empty.</summary>
    Missing,

    /// <summary>The exact name of another tenant's instance.</summary>
    OtherTenants,

    /// <summary>The slug without its prefix: what the product stores first when a tenant is activated.</summary>
    BareSlug,

    /// <summary>Without the prefix, and not the slug either .</summary>
    InvalidPrefix,

    /// <summary>With the prefix, but not this tenant's slug .</summary>
    SlugMismatch,
}
