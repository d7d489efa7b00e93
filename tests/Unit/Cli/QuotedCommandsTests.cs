using System.CommandLine;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WhatsOps.Cli;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Cli;

/// <summary>What the app tells people to type exists.</summary>
public sealed partial class QuotedCommandsTests
{
    // What follows a command in a sentence instead of a subcommand: "whatsops fleet show lists them", "whatsops findings shows the numbers".
    private static readonly HashSet<string> Prose = ["shows", "lists", "tells", "says", "makes", "prints", "and", "then"];

    [Fact]
    public void Every_command_that_a_text_of_the_app_names_is_one_of_the_commands()
    {
        var quoted = Sources.CSharpIn(Sources.Functions).SelectMany(TextsOf).SelectMany(text => Quoted().Matches(text).Select(match => match.Groups[1].Value)).Distinct().ToList();

        Assert.Contains("sweep", quoted);
        Assert.Contains(quoted, line => line.StartsWith("deliveries replay --system", StringComparison.Ordinal));
        var wrong = quoted.Select(ProblemOf).OfType<string>().ToList();
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("sweeep")]
    [InlineData("findings acknowledge")]
    [InlineData("fleet put FILE")]
    [InlineData("deliveries replay --dead")]
    public void One_that_is_none_of_them_is_noticed(string line) => Assert.NotNull(ProblemOf(line));

    private static string? ProblemOf(string line)
    {
        Command command = CommandLine.Build();
        var options = new List<Option>(command.Options);
        var words = line.Split(' ');
        for (var index = 0; index < words.Length; index++)
        {
            var word = words[index];
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                if (!options.Any(option => option.Name == word)) return $"{command.Name} has no option {word}";
            }
            else if (command.Subcommands.FirstOrDefault(one => one.Name == word) is { } next)
            {
                options = [.. options.Where(option => option.Recursive), .. next.Options];
                command = next;
            }
            else if (index == 0)
            {
                return "there is no such command";
            }
            else if (Prose.Contains(word))
            {
                return null;
            }
            else if (command.Subcommands.Count > 0 && command.Arguments.Count == 0 && PlainWord().IsMatch(word) && !words[index - 1].StartsWith('-'))
            {
                return $"{command.Name} has no subcommand {word}";
            }
        }

        return null;
    }

    // A value of an interpolation is one word. A mark of who made a database is no command.
    private static IEnumerable<string> TextsOf(string file) => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes()
        .Where(node => node.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.Text != "Maker")
        .Select(node => node switch
        {
            LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal.Token.ValueText,
            InterpolatedStringExpressionSyntax parts => string.Concat(parts.Contents.Select(part => part is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : "VALUE")),
            _ => "",
        });

    // To the end of the line, or of the part of a sentence.
    [GeneratedRegex(@"(?<![\w-])whatsops ([a-z](?:[^\s.,;:)`]|\.(?=\w))*(?: (?:[^\s.,;:()`]|\.(?=\w))+)*)")]
    private static partial Regex Quoted();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex PlainWord();
}
