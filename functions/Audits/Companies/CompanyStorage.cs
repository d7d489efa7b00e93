namespace WhatsOps.Audits;

/// <summary>What a company's folder takes, as TaktChat counted it last.</summary>
/// <param name="Bytes">Null: TaktChat says none that can be read.</param>
/// <param name="Before">A week before; null: that review did not see it.</param>
public sealed record CompanyStorage(int Company, double? Bytes, long? Files, double? Before)
{
    /// <summary>Bytes more than a week before; null where one of both is not known.</summary>
    public double? Growth => Bytes - Before;

    /// <summary>The same in percent; null where there was nothing to grow from.</summary>
    public double? GrowthPercent => Before > 0 ? Growth / Before * 100 : null;
}
