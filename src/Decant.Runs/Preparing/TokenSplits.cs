using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Chats;
using Decant.Data.Splitting;
using Decant.Data.Tokens;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Schema;
using Decant.Text;

namespace Decant.Runs.Preparing;

/// <summary>The splits of a language model's run: documents in, sequences of tokens out, over token files that are built once.</summary>
/// <param name="Splits">Sequences; prompts with completions stay as they are.</param>
/// <param name="Transfer">The same of what is learned from beside them.</param>
/// <param name="Streams">The token file of each split with sequences that are read in a row.</param>
/// <param name="Remarks">Remarks for the user.</param>
internal sealed record TokenSplits(DataSplits Splits, TransferSets Transfer, IReadOnlyDictionary<Dataset, TokenFile> Streams, IReadOnlyList<string> Remarks)
{
    /// <summary>Whether documents are running text or conversations, which become sequences of tokens.</summary>
    public static bool ArePacked(Dataset documents) => documents[0].Content is TextContent { Pair: null } or ChatContent;

    /// <summary>Packs all splits.</summary>
    /// <param name="documents">The split documents.</param>
    /// <param name="transfer">Documents of other sources.</param>
    /// <param name="recipe">A language model's.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="length">T, the tokens of a sequence.</param>
    /// <param name="cancellationToken">Stops the building.</param>
    public static TokenSplits Of(DataSplits documents, TransferSets transfer, Recipe recipe, ITokenizer tokenizer, int length, CancellationToken cancellationToken)
    {
        var streams = new Dictionary<Dataset, TokenFile>(ReferenceEqualityComparer.Instance);
        var remarks = new List<string>();
        var options = new PackedOptions
        {
            Tokens = recipe.Task == ModelTask.MaskedLanguageModel ? WithinFrame(tokenizer, length) : length,
            DocumentsApart = recipe.Input.Documents == Documents.Separate,
            NextToken = recipe.Task == ModelTask.CausalLanguageModel,
        };
        var splits = new DataSplits(Pack(documents.Train)!, Pack(documents.Validation), Pack(documents.Test), documents.Overlaps);
        return new TokenSplits(splits, transfer with { Sets = transfer.Sets.ToDictionary(s => s.Key, s => Pack(s.Value)!) }, streams, remarks);

        Dataset? Pack(Dataset? split)
        {
            if (split is null)
                return null;
            if (split[0].Content is ChatContent)
                return Chats(split);
            var file = TokenFile.OpenOrBuild(split, tokenizer, EndOfText(tokenizer, recipe.Input.EndOfText), CacheFolder.Of("tokens"), new TokenFileOptions { Notice = remarks.Add }, cancellationToken);
            var packed = PackedSequences.Open(file, options, cancellationToken);
            streams[packed] = file;
            return packed;
        }

        Dataset Chats(Dataset split)
        {
            if (recipe.Task != ModelTask.CausalLanguageModel)
                throw new DecantException($"{split.Name}: conversations (kind: chat) are for task: causal-lm; give running text, or change the task.");
            if (recipe.Input.CarryState is true)
                throw new DecantException($"{split.Name}: 'input.carry-state' reads running text, and conversations (kind: chat) are not; leave it out.");
            if (recipe.Input.Documents == Documents.Joined)
                throw new DecantException($"{split.Name}: conversations (kind: chat) see nothing of each other; leave 'input.documents' out for one in each sequence, or set it to separate for as many as fit.");
            if (recipe.Input.EndOfText is not null)
                throw new DecantException($"{split.Name}: the chat template says what ends a message; leave 'input.end-of-text' out.");
            return ChatSequences.Open(split, tokenizer, length, isPacked: options.DocumentsApart, remarks.Add, cancellationToken);
        }
    }

    /// <summary>What is left of a sequence between the tokens that a masked language model has around it.</summary>
    private static int WithinFrame(ITokenizer tokenizer, int length)
    {
        var special = SpecialIds.Of(tokenizer);
        var around = special.Before.Length + special.After.Length;
        return length > around ? length - around : throw new DecantException(
            $"input.max-tokens: {length} leave no room for text, for {around} of them stand around it; allow more.");
    }

    /// <summary>The token after each document: the one that is named, or as <see cref="TextBoundaries.EndOfText"/>.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="named">The token that a recipe names; null: none.</param>
    /// <exception cref="DecantException">The tokenizer has no token for it.</exception>
    public static int EndOfText(ITokenizer tokenizer, string? named) => named is not null ? Named(tokenizer, named) : TextBoundaries.EndOfText(tokenizer);

    private static int Named(ITokenizer tokenizer, string token) => tokenizer.TokenToId.TryGetValue(token, out var id)
        ? id
        : throw new DecantException($"input.end-of-text: the tokenizer has no token '{token}'; name one of its own, or leave the key out.");
}
