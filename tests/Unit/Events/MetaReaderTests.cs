using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using WhatsOps.Events;

namespace WhatsOps.Tests.Unit.Events;

public sealed class MetaReaderTests
{
    private const string Status = """{"field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},"statuses":[{"id":"wamid.A","status":"read","recipient_id":"5511999990000"}]}}""";
    private const string Message = """{"field":"messages","value":{"metadata":{"display_phone_number":"+55 (11) 98888-0000","phone_number_id":"106540352242922"},"contacts":[{"wa_id":"5511999990000"}],"messages":[{"id":"wamid.B","from":"5511999990000","timestamp":"1767225600","type":"text","text":{"body":"Oi"}}]}}""";
    private static readonly PhoneHasher Phones = new(new byte[32]);

    [Theory]
    [InlineData(Message, "meta.messages", "106540352242922")]
    [InlineData(Status, "meta.statuses", "106540352242922")]
    [InlineData("""{"field":"messages","value":{"errors":[{"code":131051}]}}""", "meta.messages", null)]
    [InlineData("""{"field":"messages","value":{"messages":[{"id":"m"}],"statuses":[{"id":"s","status":"read"}]}}""", "meta.messages", null)]
    [InlineData("""{"field":"message_template_status_update","value":{"event":"APPROVED"}}""", "meta.message_template_status_update", null)]
    [InlineData("""{"field":"Odd field\u0000é","value":7}""", "meta.odd?field??", null)]
    [InlineData("""{"field":"","value":null}""", "meta.unknown", null)]
    [InlineData("""{"value":{}}""", "meta.unknown", null)]
    [InlineData("7", "meta.unknown", null)]
    public void A_change_is_named_after_its_field_and_messages_told_from_their_statuses(string change, string name, string? line)
    {
        var read = Assert.Single(Read(Body(Entry("waba-1", change))).Changes);
        Assert.Equal(("waba-1", name, line, DateTimeOffset.FromUnixTimeSeconds(1767225600)), (read.Account, read.Event, read.Line, read.Time));
    }

    [Fact]
    public void Every_change_has_the_body_of_its_own_account_alone()
    {
        var read = Read(Body(Entry("waba-1", Message, Status), Entry("waba-2", Status))).Changes;
        Assert.Equal(["waba-1", "waba-1", "waba-2"], read.Select(change => change.Account));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Body(Entry("waba-1", Message))), JsonNode.Parse(read[0].Body)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Body(Entry("waba-2", Status))), JsonNode.Parse(read[2].Body)));
        Assert.Equal(3, read.Select(change => change.Key).Distinct().Count());
    }

    [Fact]
    public void Ids_make_the_key_however_Meta_packs_and_repeats_it()
    {
        Guid Of(string account, string change, long time = 1) => Assert.Single(Read(Body(Entry(account, [change], time))).Changes).Key;
        Assert.Equal(Of("a", Status), Of("a", Status.Replace("5511999990000", "5511999990001"), time: 2));
        Assert.NotEqual(Of("a", Status), Of("a", Status.Replace("\"read\"", "\"delivered\"")));
        Assert.NotEqual(Of("a", Status), Of("b", Status));
        // Without ids of Meta's the whole change counts, in any order of its members, and the time that it was told.
        const string Template = """{"field":"message_template_status_update","value":{"event":"APPROVED","message_template_id":7}}""";
        Assert.Equal(Of("a", Template), Of("a", """{"value":{"message_template_id":7,"event":"APPROVED"},"field":"message_template_status_update"}"""));
        Assert.NotEqual(Of("a", Template), Of("a", Template, time: 2));
        Assert.NotEqual(Of("a", Template), Of("a", Template.Replace("APPROVED", "PAUSED")));
    }

    [Fact]
    public void Phone_numbers_are_found_whatever_their_member_is_called_and_however_they_are_written()
    {
        var read = Assert.Single(Read(Body(Entry("1", Message))).Changes);
        // The line's own id has as many digits as a number has.
        Assert.Equal(new[] { "5511988880000", "106540352242922", "5511999990000" }.Select(digits => Phones.Hash(Encoding.ASCII.GetBytes(digits))), read.Phones);
    }

    [Theory]
    [InlineData("", "malformed")]
    [InlineData("{", "malformed")]
    [InlineData("[]", "malformed")]
    [InlineData("7", "malformed")]
    [InlineData("{}", "malformed")]
    [InlineData("""{"object":"whatsapp_business_account","entry":{}}""", "malformed")]
    [InlineData("""{"entry":[1]}""", "malformed")]
    [InlineData("""{"entry":[]} more""", "malformed")]
    [InlineData("""{"entry":[{"id":"1","changes":[{"field":"\ud800","value":{}}]}]}""", "malformed")]
    [InlineData("""{"object":"whatsapp_business_account","entry":[]}""", null)]
    public void What_is_no_body_of_Metas_has_a_problem_and_no_changes(string body, string? problem)
    {
        var read = Read(body);
        Assert.Equal(problem, read.Problem);
        Assert.Empty(read.Changes);
    }

    [Fact]
    public void Depth_and_number_have_limits()
    {
        Assert.Equal("too_deep", Read(Body(Entry("1", $$"""{"field":"x","value":{{new string('[', 70)}}{{new string(']', 70)}}}"""))).Problem);
        Assert.Null(Read(Body(Entry("1", $$"""{"field":"x","value":{{new string('[', 50)}}{{new string(']', 50)}}}"""))).Problem);
        Assert.Equal(1000, Read(Body(Entry("1", [.. Enumerable.Repeat(Status, 1000)]))).Changes.Count);
        Assert.Equal("malformed", Read(Body(Entry("1", [.. Enumerable.Repeat(Status, 1001)]))).Problem);
    }

    [Theory]
    [InlineData("""{"id":"1","time":1,"messaging":[{"a":1}]}""", "1")]
    [InlineData("""{"changes":[{}]}""", "unknown")]
    [InlineData("""{"id":17,"time":1767225600000,"changes":[{}]}""", "17")]
    public void An_entry_of_another_kind_is_kept_whole(string entry, string account)
    {
        var read = Assert.Single(Read(Body(entry)).Changes);
        Assert.Equal((account, "meta.unknown"), (read.Account, read.Event));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Body(entry)), JsonNode.Parse(read.Body)));
    }

    [Fact]
    public void Whatever_the_bytes_reading_never_throws() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var read = MetaReader.Read(bytes, 64, Phones);
        return read.Problem is null || read.Changes.Count == 0;
    });

    [Fact]
    public void A_body_that_lost_or_changed_bytes_is_read_or_has_a_problem_but_never_throws()
    {
        var whole = Encoding.UTF8.GetBytes(Body(Entry("waba-1", Message, Status), Entry("waba-2", """{"field":"x","value":[{"a":"\u00e9"}]}""")));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((at, value, length) =>
        {
            var changed = whole[..length];
            if (at < length) changed[at] = value;
            var read = MetaReader.Read(changed, 64, Phones);
            // Whatever was read is JSON again.
            foreach (var change in read.Changes) JsonDocument.Parse(change.Body).Dispose();
            return read.Problem is not null || read.Changes.Count is >= 1 and <= 3;
        });
    }

    private static MetaBody Read(string body) => MetaReader.Read(Encoding.UTF8.GetBytes(body), 64, Phones);

    private static string Body(params string[] entries) => $$"""{"object":"whatsapp_business_account","entry":[{{string.Join(',', entries)}}]}""";

    private static string Entry(string account, params string[] changes) => Entry(account, changes, 1767225600);

    private static string Entry(string account, string[] changes, long time) => $$"""{"id":"{{account}}","time":{{time}},"changes":[{{string.Join(',', changes)}}]}""";
}
