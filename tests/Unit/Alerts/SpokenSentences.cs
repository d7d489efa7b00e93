using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WhatsOps.Tests.Unit.Alerts;

/// <summary>What a source file can say: its texts, with every branch that a place in them can take, and <see cref="Filler"/> where a value stands.</summary>
internal static class SpokenSentences
{
    /// <summary>Fits a number and a name.</summary>
    public const string Filler = "7";

    // A text that is compared, looked up, logged or thrown at a caller is said to nobody who gets an alert.
    private static readonly HashSet<string> NotSaying = new(StringComparer.Ordinal)
    {
        "Contains", "StartsWith", "EndsWith", "IndexOf", "LastIndexOf", "Says", "Text", "At", "CreateCommand", "LogError", "LogWarning", "LogInformation", "LogDebug",
        "ProblemException", "InvalidOperationException", "ArgumentException", "InvalidDataException", "NpgsqlBatchCommand", "NpgsqlCommand", "MediaTypeHeaderValue",
    };

    /// <param name="except">Members, as <c>Type.Member</c>, that are asked for nothing but the words of what is seen.</param>
    public static IEnumerable<string> In(string file, IReadOnlyCollection<string> except) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes().OfType<ExpressionSyntax>()
            .Where(node => IsText(node) && !IsPartOfText(node) && IsSaid(node) && !IsOnlySeen(node) && !except.Contains(MemberOf(node))).SelectMany(Alternatives).Distinct(StringComparer.Ordinal);

    private static bool IsText(SyntaxNode node) => node.IsKind(SyntaxKind.StringLiteralExpression) || node is InterpolatedStringExpressionSyntax;

    // The branches of a place are told with the text around them.
    private static bool IsPartOfText(SyntaxNode node)
    {
        for (var inner = node; inner.Parent is { } around; inner = around)
        {
            if (around is InterpolationSyntax) return true;
            var isBranch = around is ParenthesizedExpressionSyntax or SwitchExpressionArmSyntax or SwitchExpressionSyntax
                || (around is ConditionalExpressionSyntax choice && choice.Condition != inner)
                || around.IsKind(SyntaxKind.CoalesceExpression);
            if (!isBranch) return false;
        }

        return false;
    }

    private static bool IsSaid(SyntaxNode text) => !text.Ancestors().Any(around => around switch
    {
        AttributeSyntax or PatternSyntax or CaseSwitchLabelSyntax or BracketedArgumentListSyntax => true,
        BinaryExpressionSyntax comparison => comparison.IsKind(SyntaxKind.EqualsExpression) || comparison.IsKind(SyntaxKind.NotEqualsExpression),
        // What a trouble is of, and what a routine is for.
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "Subject" } } or PropertyDeclarationSyntax { Identifier.Text: "Summary" } => true,
        _ when IsSeen(around, text) => true,
        InvocationExpressionSyntax call => NotSaying.Contains(NameOf(call.Expression)),
        ObjectCreationExpressionSyntax made => NotSaying.Contains(made.Type.ToString()),
        _ => false,
    });

    // The words of what is seen stand on boards; the rest of the call are troubles.
    private static bool IsSeen(SyntaxNode around, SyntaxNode words) =>
        around is InvocationExpressionSyntax call && NameOf(call.Expression) == "Seen" && call.ArgumentList.Arguments[0].Span.Contains(words.Span);

    // Kept in a variable that is used for nothing else.
    private static bool IsOnlySeen(SyntaxNode text) =>
        text.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { } kept && kept.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method
        && method.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.Text == kept.Identifier.Text).ToArray() is { Length: > 0 } uses
        && uses.All(use => use.Ancestors().Any(around => IsSeen(around, use)));

    private static string MemberOf(SyntaxNode text) =>
        $"{text.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.Text}.{text.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.Text}";

    private static string NameOf(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        MemberBindingExpressionSyntax member => member.Name.Identifier.Text,
        IdentifierNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    private static IEnumerable<string> Alternatives(ExpressionSyntax text) => text switch
    {
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => [literal.Token.ValueText],
        InterpolatedStringExpressionSyntax parts => parts.Contents.Aggregate((IEnumerable<string>)[""], (told, part) =>
        {
            IEnumerable<string> next = part is InterpolationSyntax place ? Alternatives(place.Expression) : [((InterpolatedStringTextSyntax)part).TextToken.ValueText.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal)];
            return told.SelectMany(before => next.Select(one => before + one)).ToArray();
        }),
        ParenthesizedExpressionSyntax inner => Alternatives(inner.Expression),
        ConditionalExpressionSyntax choice => Alternatives(choice.WhenTrue).Concat(Alternatives(choice.WhenFalse)),
        SwitchExpressionSyntax choice => choice.Arms.SelectMany(arm => Alternatives(arm.Expression)),
        BinaryExpressionSyntax either when either.IsKind(SyntaxKind.CoalesceExpression) => Alternatives(either.Left).Concat(Alternatives(either.Right)),
        _ => [Filler],
    };
}
