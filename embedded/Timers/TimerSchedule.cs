using System.Globalization;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace WhatsOps.Embedded.Timers;

/// <summary>When a timer is due: a six-field NCRONTAB expression in UTC or a fixed interval.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule? cron;
    private readonly TimeSpan interval;

    private TimerSchedule(string text, CrontabSchedule? cron, TimeSpan interval)
    {
        Text = text;
        this.cron = cron;
        this.interval = interval;
    }

    public string Text { get; }

    /// <summary>The first occurrence after <paramref name="after"/>, UTC.</summary>
    public DateTimeOffset Next(DateTimeOffset after) => cron is null
        ? after + interval
        : new DateTimeOffset(cron.GetNextOccurrence(after.UtcDateTime), TimeSpan.Zero);

    /// <summary>As the Functions host: a schedule faster than a minute is not worth making up for.</summary>
    public bool IsShort(DateTimeOffset now)
    {
        var first = Next(now);
        return Next(first) - first < TimeSpan.FromMinutes(1);
    }

    /// <param name="expression">An expression, a TimeSpan, or %Setting% naming one.</param>
    public static bool TryParse(string expression, IConfiguration configuration, Action<string> problem, out TimerSchedule schedule)
    {
        schedule = null!;
        var text = expression.Trim();
        if (text is ['%', .. var setting, '%'])
        {
            if (configuration[setting.Replace("__", ":", StringComparison.Ordinal)] is not { Length: > 0 } value)
            {
                problem($"timer schedule {text}: the setting {setting} is not set.");
                return false;
            }

            text = value.Trim();
        }

        if (text.Contains(':') && TimeSpan.TryParseExact(text, ["c", @"h\:mm\:ss"], CultureInfo.InvariantCulture, out var interval))
        {
            if (interval <= TimeSpan.Zero)
                problem($"timer schedule '{text}': an interval must be above zero.");
            schedule = new TimerSchedule(text, null, interval);
            return interval > TimeSpan.Zero;
        }

        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length != 6
            || CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is not { } cron)
        {
            problem($"timer schedule '{text}' is neither a six-field NCRONTAB expression ({{second}} {{minute}} {{hour}} {{day}} {{month}} {{day-of-week}}) nor a TimeSpan.");
            return false;
        }

        if (cron.GetNextOccurrence(new DateTime(2024, 1, 1), new DateTime(2034, 1, 1)) >= new DateTime(2034, 1, 1))
        {
            problem($"timer schedule '{text}' never occurs.");
            return false;
        }

        schedule = new TimerSchedule(text, cron, default);
        return true;
    }
}
