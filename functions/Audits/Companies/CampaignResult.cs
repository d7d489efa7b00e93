namespace WhatsOps.Audits;

/// <summary>What became of the messages of a company's campaigns in a month .</summary>
/// <param name="Unsettled">Pending and processing.</param>
public sealed record CampaignResult(int Company, long Delivered, long Failed, long Suppressed, long Unsettled)
{
    /// <summary>Those whose end is known: the whole that the percentages are of.</summary>
    public long Settled => Delivered + Failed + Suppressed;

    public double? DeliveredPercent => Percent(Delivered);

    public double? FailedPercent => Percent(Failed);

    public double? SuppressedPercent => Percent(Suppressed);

    private double? Percent(long part) => Settled > 0 ? 100.0 * part / Settled : null;
}
