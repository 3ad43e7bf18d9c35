using System.Text.RegularExpressions;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>What must be right of the way to a model behind an API, wherever it stands.</summary>
internal static partial class ChatAccessChecks
{
    /// <summary>The findings.</summary>
    /// <param name="chat">The way.</param>
    /// <param name="path">Where it stands, such as <c>teacher.chat</c>.</param>
    public static IEnumerable<RecipeFinding> Of(EndpointReach chat, string path)
    {
        if ((chat is ScoresSection scores ? scores.Terms : (chat as ChatAccess)?.Terms) is { } terms && string.IsNullOrWhiteSpace(terms))
            yield return new($"{path}.terms", "expected the terms or licence under which the model's answers may train another, came nothing; read the provider's, and name them: they go into the model card");
        if (!VariableName().IsMatch(chat.Key))
            yield return new($"{path}.key", "expected the name of an environment variable: letters, digits and underscores; the key itself stands nowhere but in that variable");
        if (chat.Budget is { Money: not null } budget && (budget.InputPrice is null || budget.OutputPrice is null))
            yield return new($"{path}.budget.money", "money is limited, and the prices are missing; give input-price and output-price, of a million tokens");
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
