namespace WhatsOps.Watch;

/// <summary>A series over some hours. Of a counter, least and most are where it stood.</summary>
public sealed record SeriesSummary(string Target, string Metric, string Subject, long Samples, double Mean, double Least, double Most);
