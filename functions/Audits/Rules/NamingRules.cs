namespace WhatsOps.Audits;

/// <summary>Instance name = prefix + slug, exactly. A name without the prefix is not counted as a wrong slug, too.</summary>
internal static class NamingRules
{
    /// <param name="owners">Exact instance name → slug, of every tenant.</param>
    public static NameVerdict Judge(string prefix, string slug, string? name, IReadOnlyDictionary<string, string> owners)
    {
        if (string.IsNullOrWhiteSpace(name)) return NameVerdict.Missing;
        if (name == prefix + slug) return NameVerdict.Exact;
        if (owners.TryGetValue(name, out var owner) && owner != slug) return NameVerdict.OtherTenants;
        if (name == slug) return NameVerdict.BareSlug;
        return name.StartsWith(prefix, StringComparison.Ordinal) ? NameVerdict.SlugMismatch : NameVerdict.InvalidPrefix;
    }

    /// <summary>The verdict's name in reports.</summary>
    public static string Word(NameVerdict verdict) => verdict switch
    {
        NameVerdict.Exact => "ok",
        NameVerdict.Missing => "no_instance_name",
        NameVerdict.OtherTenants => "name_of_another_tenant",
        NameVerdict.BareSlug => "bare_slug",
        NameVerdict.InvalidPrefix => "invalid_prefix",
        _ => "slug_mismatch",
    };

    public static string Cause(NameVerdict verdict, string? name, string expected, string? owner) => verdict switch
    {
        NameVerdict.Exact => $"named {expected}",
        NameVerdict.Missing => $"The product's row has no instance name; {expected} is expected.",
        NameVerdict.OtherTenants => $"The product's row names {name}, which is tenant {owner}'s; {expected} is expected.",
        NameVerdict.BareSlug => $"The product's row names {name}, the slug without its prefix: an activation that stopped half-way. {expected} is expected.",
        NameVerdict.InvalidPrefix => $"The product's row names {name}, which lacks the prefix; {expected} is expected.",
        _ => $"The product's row names {name}, which is no tenant's instance; {expected} is expected.",
    };
}
