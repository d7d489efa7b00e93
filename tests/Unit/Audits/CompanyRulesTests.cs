using System.Globalization;
using CsCheck;
using WhatsOps.Audits;

namespace WhatsOps.Tests.Unit.Audits;

/// <summary>What the reviews of TaktChat's companies make of its words and numbers.</summary>
public sealed class CompanyRulesTests
{
    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("4096", 4096.0)]
    [InlineData("980K", 980.0 * 1024)]
    [InlineData("1.5G", 1.5 * 1024 * 1024 * 1024)]
    [InlineData("1,5G", 1.5 * 1024 * 1024 * 1024)]
    [InlineData(" 12 MB ", 12.0 * 1024 * 1024)]
    [InlineData("3 MiB", 3.0 * 1024 * 1024)]
    [InlineData("7 bytes", 7.0)]
    [InlineData("2t", 2.0 * 1024 * 1024 * 1024 * 1024)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("many", null)]
    [InlineData("-1M", null)]
    [InlineData("1.2.3M", null)]
    [InlineData("1M 2M", null)]
    public void A_size_is_read_as_du_writes_it_in_either_language(string? text, double? bytes) => Assert.Equal(bytes, StorageSize.Bytes(text));

    [Fact]
    public void No_text_makes_the_size_throw_and_what_is_written_is_read_back() => Gen.Select(Gen.Int[0, 999_999], Gen.Int[0, 5], Gen.String).Sample((number, unit, noise) =>
    {
        StorageSize.Bytes(noise);
        Assert.Equal(number * Math.Pow(1024, unit), StorageSize.Bytes(string.Create(CultureInfo.InvariantCulture, $"{number}{"BKMGTP"[unit]}")));
    });

    [Theory]
    // Of 100 settled messages: below 5 % nothing is proposed, from 5 % looser limits go back to the defaults, from 10 % caps are halved and pauses doubled.
    [InlineData(4, "")]
    [InlineData(5, "capDaily 400→150, messageInterval 20→60")]
    [InlineData(9, "capDaily 400→150, messageInterval 20→60")]
    [InlineData(10, "capHourly 30→15, capDaily 400→75, backoffPauseMinutes 15→30, messageInterval 20→60")]
    public void Limits_are_proposed_by_the_share_that_failed(long failed, string proposed)
    {
        var settings = new Dictionary<string, int> { ["capDaily"] = 400, ["messageInterval"] = 20 };
        var proposals = LimitRules.Of(new(12, 100 - failed, failed, 0, 7), settings).ToArray();
        Assert.Equal(proposed, string.Join(", ", proposals.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Now}→{one.Proposed}"))));
        Assert.All(proposals, one => Assert.Contains($"{failed} % of 100 messages failed", one.Why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(49, 0)]
    [InlineData(50, 3)]
    public void Few_messages_say_nothing(long failed, int proposals) => Assert.Equal(proposals, LimitRules.Of(new(12, 0, failed, 0, 0), new Dictionary<string, int>()).Count());

    [Fact]
    public void No_proposal_loosens_a_limit() => Gen.Select(Gen.Long[0, 2000], Gen.Long[0, 2000], Gen.Int[0, 2000].Array[LimitRules.Defaults.Count]).Sample((delivered, failed, values) =>
    {
        // 0: the company has no value of its own.
        var settings = LimitRules.Defaults.Keys.Zip(values).Where(pair => pair.Second > 0).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var one in LimitRules.Of(new(1, delivered, failed, 0, 0), settings))
            Assert.True(one.Key is "capHourly" or "capDaily" or "backoffErrorThreshold" or "longerIntervalAfter" ? one.Proposed < one.Now : one.Proposed > one.Now, one.ToString());
    });

    [Theory]
    [InlineData("30", 30)]
    [InlineData("\"30\"", 30)]
    [InlineData(" 30 ", 30)]
    [InlineData("[]", null)]
    [InlineData("thirty", null)]
    [InlineData(null, null)]
    public void A_setting_is_a_number_bare_or_quoted(string? json, int? value) => Assert.Equal(value, LimitRules.Value(json));
}
