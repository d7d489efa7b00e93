using CsCheck;
using WhatsOps.Events;

namespace WhatsOps.Tests.Unit.Events;

public sealed class EventNamesTests
{
    private static readonly Gen<string> Known = Gen.OneOf([.. EventNames.All]);
    private static readonly Gen<string> Unknown = Gen.String[Gen.Char["abcXYZ0._-"], 1, 30];

    [Fact]
    public void Every_spelling_of_a_known_event_is_its_dotted_name() => Known.Sample(name =>
    {
        var upper = name.Replace('.', '_').Replace('-', '_').ToUpperInvariant();
        var suffix = upper.ToLowerInvariant().Replace('_', '-');
        return EventNames.Normalise(name) == name && EventNames.Normalise(upper) == name && EventNames.Normalise(suffix) == name;
    });

    [Fact]
    public void The_spellings_of_an_unknown_event_meet_and_normalising_twice_changes_nothing() => Unknown.Sample(name =>
    {
        var once = EventNames.Normalise(name);
        return once == EventNames.Normalise(name.ToUpperInvariant().Replace('.', '_').Replace('-', '_'))
            && once == EventNames.Normalise(name.ToLowerInvariant().Replace('.', '-').Replace('_', '-'))
            && once == EventNames.Normalise(once);
    });

    [Theory]
    [InlineData("GROUP_PARTICIPANTS_UPDATE", "group-participants.update")]
    [InlineData("typebot-change-status", "typebot.change-status")]
    [InlineData("SEND_MESSAGE_UPDATE", "send.message.update")]
    [InlineData("call", "call")]
    public void Names_with_dashes_are_known_apart(string spelling, string dotted) => Assert.Equal(dotted, EventNames.Normalise(spelling));

    [Fact]
    public void A_name_without_end_is_cut_and_one_with_a_nul_can_be_stored()
    {
        Assert.True(EventNames.Normalise(new string('x', 10_000)).Length <= 100);
        Assert.DoesNotContain('\0', EventNames.Normalise("a\0b"));
    }
}
