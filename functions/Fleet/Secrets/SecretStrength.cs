namespace WhatsOps.Fleet;

/// <summary>How hard a secret is to guess. It is looked at in memory and never shown.</summary>
internal static class SecretStrength
{
    /// <summary>Shorter can be guessed by whoever may ask often enough.</summary>
    public const int LeastLength = 20;

    /// <summary>Bits of its own letters' variety, summed; a random UUID has about 120, twenty random hex digits about 70.</summary>
    public const double LeastBits = 60;

    /// <summary>Shannon's entropy of the letters, times their number.</summary>
    public static double Bits(string secret) =>
        secret.Length * secret.GroupBy(letter => letter).Sum(same => -(double)same.Count() / secret.Length * Math.Log2((double)same.Count() / secret.Length));
}
