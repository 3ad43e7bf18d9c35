using System.CommandLine;
using System.CommandLine.Parsing;

namespace Decant.Cli.Commands;

/// <summary>Texts that stand among the arguments of a command, where an option that there is not would be taken for one.</summary>
internal static class TextArguments
{
    /// <summary>The texts, unless one of them has the form of an option and no <c>--</c> says that what follows are texts.</summary>
    /// <exception cref="DecantException">One has.</exception>
    public static string[] Checked(ParseResult parse, Argument<string[]> argument)
    {
        var texts = parse.GetValue(argument) ?? [];
        if (parse.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            return texts;
        return texts.FirstOrDefault(IsOption) is not { } option ? texts
            : throw new DecantException($"{option}: '{parse.CommandResult.Command.Name}' has no such option. To give it as a text, put -- before the texts.");
    }

    private static bool IsOption(string text) => text.Length > 2 && text.StartsWith("--", StringComparison.Ordinal) && char.IsAsciiLetterLower(text[2]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '=' or ':' or '.');
}
