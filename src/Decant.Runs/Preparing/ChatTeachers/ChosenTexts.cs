using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decant.Data;
using Decant.Files;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>One round of active learning.</summary>
/// <param name="Keys">The texts that it added, by <see cref="ChosenTexts.KeyOf"/>.</param>
/// <param name="Metric">The metric on validation samples; null: there are none.</param>
/// <param name="Value">What a student of all rounds so far reached; null: there are none, or it was not trained.</param>
internal sealed record ChosenRound(IReadOnlyList<string> Keys, string? Metric, double? Value);

/// <summary>The training texts that rounds of active learning chose, as they stand in a file beside the answers.</summary>
/// <param name="Rounds">The rounds, in order.</param>
/// <param name="Ended">Why no other follows, as a clause; null: one may follow.</param>
internal sealed record ChosenTexts(IReadOnlyList<ChosenRound> Rounds, string? Ended)
{
    private const string FileName = "rounds.json";
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>All that were chosen.</summary>
    public IReadOnlySet<string> All => Rounds.SelectMany(r => r.Keys).ToHashSet(StringComparer.Ordinal);

    /// <summary>What a text is called in the file.</summary>
    public static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>How the teacher of a recipe is asked: about all texts, or those that its rounds chose.</summary>
    /// <param name="catalog">How it is asked otherwise.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="train">Its training samples.</param>
    /// <exception cref="DecantException">It is about to be asked, and the rounds were not held.</exception>
    public static ChatAsking Within(Catalog catalog, Recipe recipe, Dataset train)
    {
        var asking = catalog.Asking;
        if (asking.Only is not null || recipe.Teacher?.Chat is not { Rounds: { } rounds })
            return asking;
        if (Read(FolderOf(catalog, recipe, train)) is { Ended: not null } chosen)
            return asking with { Only = chosen.All, Chosen = chosen.Words(rounds.Choose) };
        if (asking.MayAsk)
            throw new DecantException("teacher.chat.rounds: the rounds, in which the texts are chosen, are held by 'decant distill' and 'decant study'; use one of these, or leave rounds out.");
        // What they will choose is not known: as many texts as they take at most.
        var most = (long)rounds.First + ((long)rounds.More * (rounds.Most - 1));
        return asking with { Only = ChatClasses.Texts(train).Select(KeyOf).Distinct().Order(StringComparer.Ordinal).Take((int)Math.Min(most, int.MaxValue)).ToHashSet(StringComparer.Ordinal), Chosen = FormattableString.Invariant($"Training texts to ask about are chosen in up to {rounds.Most} rounds, {most:N0} of {train.Count:N0} at most; a student is trained in each.") };
    }

    /// <summary>The folder of the rounds of a recipe: another when anything changes that they depend on.</summary>
    public static string FolderOf(Catalog catalog, Recipe recipe, Dataset train)
    {
        var chat = recipe.Teacher!.Chat!;
        var decides = new Recipe
        {
            Name = "rounds",
            Task = recipe.Task,
            Seed = recipe.RunSeeds()[0],
            Data = recipe.Data,
            Input = recipe.Input,
            Student = recipe.Student,
            Distill = recipe.Distill,
            Teacher = new() { Chat = chat with { Budget = null, Limit = new(), Attempts = 1, Key = "KEY", Terms = "" } },
        };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(decides.ToYaml(catalog.Kinds)));
        foreach (var text in ChatClasses.Texts(train))
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return Path.Combine(chat.Answers, "rounds", Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }

    /// <summary>Reads what was chosen; null: nothing yet.</summary>
    /// <param name="folder">The folder of the rounds.</param>
    /// <exception cref="DecantException">The file is damaged.</exception>
    public static ChosenTexts? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<ChosenTexts>(File.ReadAllBytes(file), s_json) is { Rounds: not null } read ? read : throw new JsonException() : null;
        }
        catch (JsonException error)
        {
            throw new DecantException($"{file} cannot be read{(error.LineNumber is { } line ? FormattableString.Invariant($", at line {line + 1}") : "")}: expected what a run wrote. Remove the folder {folder}: the rounds are held again, and what was answered stays in the store.", ExitCodes.BadInput, error);
        }
    }

    /// <summary>Writes what was chosen.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, s_json));
    }

    /// <summary>How it went, for people.</summary>
    /// <param name="choice">Which texts were taken.</param>
    public string Words(RoundChoice choice)
    {
        var count = 0;
        var steps = Rounds.Select(r => FormattableString.Invariant($"{count += r.Keys.Count:N0} texts{(r.Value is { } value ? $" → {r.Metric} {value:0.0000}" : "")}"));
        return $"Texts to ask about were chosen in {Rounds.Count} rounds ({(choice == RoundChoice.LeastConfident ? "least confident" : choice.ToString().ToLowerInvariant())}), by a student that was trained anew in each, on the validation split: {string.Join(", ", steps)}. No other round: {Ended}.";
    }
}
