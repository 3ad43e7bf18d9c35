using System.Text.RegularExpressions;
using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Reading;

/// <summary>Puts environment variables into the values of a recipe: <c>${NAME}</c>, <c>${NAME:-default}</c>; write <c>$${</c> for a literal <c>${</c>.</summary>
/// <remarks>After parsing, so that a variable's value cannot change the recipe's structure; keys stay as written.</remarks>
internal sealed partial class Variables(Func<string, string?> environment, FaultList faults, VariableReferences references)
{
    public RecipeNode Expand(RecipeNode node, string path = "") => node switch
    {
        ScalarNode { Broken: false } scalar when scalar.Text.Contains("${", StringComparison.Ordinal) => Expand(scalar, path),
        ListNode list => list with { Items = [.. list.Items.Select((item, i) => Expand(item, RecipePath.Item(path, i)))] },
        MapNode map => map with { Entries = [.. map.Entries.Select(e => e with { Value = Expand(e.Value, RecipePath.Key(path, e.Key)) })] },
        _ => node,
    };

    private ScalarNode Expand(ScalarNode scalar, string path)
    {
        string? fault = null;
        var named = false;
        var text = Reference().Replace(scalar.Text, match =>
        {
            if (match.Value == "$${") return "${";
            if (!match.Groups["name"].Success)
            {
                fault = $"{path}: '${{' must be followed by a variable's name and '}}', as in ${{HOME}}; write '$${{' for the characters themselves";
                return "";
            }

            named = true;
            var name = match.Groups["name"].Value;
            var value = environment(name);
            if (match.Groups["default"].Success) return string.IsNullOrEmpty(value) ? match.Groups["default"].Value : value;
            if (value is null) fault = $"{path}: the environment variable '{name}' is not set; set it, or give a default: ${{{name}:-…}}";
            return value ?? "";
        });
        if (fault is null)
        {
            if (named) references.Add(path, scalar.Text, text);
            return scalar with { Text = text };
        }

        faults.Add(scalar.Spot, path, fault);
        return scalar with { Broken = true };
    }

    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?\}|\$\{")]
    private static partial Regex Reference();
}
