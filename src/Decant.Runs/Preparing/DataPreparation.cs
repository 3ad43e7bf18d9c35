using System.Globalization;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Chats;
using Decant.Data.Labels;
using Decant.Data.Sources;
using Decant.Data.Splitting;
using Decant.Export;
using Decant.Export.Adapters;
using Decant.Models.Configuration;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Restriction;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>Opens the sources of a recipe, splits them, trains the tokenizer: all that can go wrong before the long work starts.</summary>
internal static class DataPreparation
{
    private const int DefaultMaxTokens = 128;

    private const string EndlessRemark = "No special token of the tokenizer ends the assistant's messages, so a model does not know where its reply ends: write eos_token behind them in the chat template, or add the template's own token to the tokenizer.";

    public static PreparedData Prepare(Catalog catalog, Recipe recipe, CancellationToken cancellationToken)
    {
        GgufTeachers.Check(recipe);
        TeacherText.Check(recipe); // before texts are written for it
        _ = DeviceChoice.Resolve(recipe.Device);
        var splits = Open(catalog, recipe, cancellationToken);
        var transfer = TransferSets.None;
        try
        {
            RequireTest(splits);
            RankedSamples.Check(recipe, splits, catalog.Kinds);
            LabelNeeds.Check(recipe, splits.Train, catalog.Kinds);
            if (recipe.Teacher?.Chat?.Write is not null)
                return Written(catalog, recipe, splits, cancellationToken);
            var chat = recipe.Teacher?.Chat is not null ? ChatTeacher.Ask(recipe, ChosenTexts.Within(catalog, recipe, splits.Train), splits, cancellationToken)
                : recipe.Teacher?.Embeddings is { } embeddings ? RemoteVectors.Ask(embeddings, catalog.Asking, splits, cancellationToken) : null;
            var tokenizer = recipe.Input.Kind == InputKind.Text ? Tokenizer(catalog, recipe, [splits.Train], cancellationToken) : null; // of all texts, those that are not learned from too
            splits = chat is null ? splits : chat.Learned(splits);
            var restricted = UsedVocabulary.Of(recipe.Input.Vocabulary, tokenizer, [splits.Train], cancellationToken);
            var teachers = TeacherTokenizer.Of(recipe, tokenizer);
            if (tokenizer is not null)
                GgufTeachers.Compare(recipe, teachers ?? tokenizer, splits.Train);
            transfer = TransferSets.Open(recipe, splits, choice => Unlabelled(catalog.Open(choice, cancellationToken), splits.Train));
            splits = splits with { Overlaps = [.. splits.Overlaps, .. transfer.Overlaps] };
            var documents = splits;
            var data = Prepared(splits, recipe, tokenizer, restricted, cancellationToken, transfer);
            if (recipe.Teachers is not null)
                TeacherImages.RequireOneForm(recipe, splits.Train[0], "several teachers are given them in one form");
            if (TeacherImages.Of(recipe, splits.Train[0]) is { } images)
                return data.With(restricted, [.. data.Remarks, $"The teacher is given images of {TeacherImages.Words(images)}, the student of {TeacherImages.Words(recipe.Input)}."]).WithTeacher(null, Collators(recipe, null, splits.Train, images), Context(recipe, splits, null, images), images);
            if (recipe.Teacher?.Scores is { } scores)
                return data.WithScores(ScoresLine.Of(scores, catalog.Asking, tokenizer!, Texts(splits.Train), cancellationToken));
            if (chat is not null)
                return data.WithChat(recipe.Task == ModelTask.Classification ? chat.Calibrated(recipe.Teacher!.Chat!, data.LabelledTransferSet) : chat);
            if (recipe.Task == ModelTask.CausalLanguageModel)
                return TeacherContexts.Of(OtherTokens.With(data, documents, recipe, teachers, cancellationToken), recipe, restricted?.Tokenizer ?? tokenizer);
            var asTeacher = RankedSamples.TaskOfTeacher(recipe, splits) is { } its ? recipe with { Task = its } : recipe;
            var read = teachers ?? tokenizer;
            return teachers is null && asTeacher.Task == recipe.Task ? data : data.WithTeacher(read, Collators(asTeacher, read, splits.Train), Context(asTeacher, splits, read), itsRecipe: asTeacher);
        }
        catch
        {
            splits.Dispose();
            transfer.Dispose();
            throw;
        }
    }

    // A language model that learns what a chat model wrote; its control learns the completions of the data.
    private static PreparedData Written(Catalog catalog, Recipe recipe, DataSplits splits, CancellationToken cancellationToken)
    {
        var (answers, written) = ChatTexts.Ask(recipe, catalog.Asking, splits, choice => catalog.Open(choice, cancellationToken), cancellationToken);
        try
        {
            var tokenizer = Tokenizer(catalog, recipe, [splits.Train, written], cancellationToken);
            var restricted = UsedVocabulary.Of(recipe.Input.Vocabulary, tokenizer, [splits.Train, written], cancellationToken);
            return Prepared(splits, recipe, tokenizer, restricted, cancellationToken, TransferSets.None with { Written = written }).WithChat(answers);
        }
        catch
        {
            written.Dispose();
            throw;
        }
    }

    /// <summary>Samples that are split, with the tokenizer that there is for them.</summary>
    public static PreparedData Prepared(DataSplits splits, Recipe recipe, ITokenizer? tokenizer, RestrictedTokenizer? restricted, CancellationToken cancellationToken, TransferSets? transfer = null)
    {
        RequireTest(splits);
        var data = With(splits, recipe, restricted?.Tokenizer ?? tokenizer, transfer, cancellationToken);
        return data.With(restricted,
        [
            .. LongTailRemark(recipe, splits.Train),
            .. OneClassRemark(splits.Train),
            .. data.TransferSets.Remarks,
            .. EmbeddingSamples.Remarks(recipe, splits),
            .. data.WithoutControl is { } reason ? (string[])[$"There is no control: {reason}."] : [],
            .. restricted is null ? (string[])[] : [UsedVocabulary.Description(recipe.Input.Vocabulary, restricted)],
            .. splits.Train.Remarks,
            .. splits.Validation?.Remarks ?? [],
            .. splits.Test!.Remarks,
            .. data.Remarks,
            .. TruncationReport.Of(data, recipe, cancellationToken),
            .. OverfittedControl.Remark(recipe, data),
            .. TeacherRoutes.Check(recipe, data.TransferSet),
            .. recipe.Evaluate.Generation is { } generation ? TestPrompts.Of(data, generation).Remarks : [],
        ]);
    }

    /// <summary>The same samples, read with another tokenizer: how a model that was trained elsewhere is measured.</summary>
    /// <remarks>Of a language model's documents only the tokens are needed afterwards; the caller closes the documents.</remarks>
    public static PreparedData With(DataSplits splits, Recipe recipe, ITokenizer? tokenizer, TransferSets? transfer = null, CancellationToken cancellationToken = default)
    {
        transfer ??= TransferSets.None;
        if (!recipe.Task.IsLanguageModel() || !TokenSplits.ArePacked(splits.Train))
            return new(splits, TransferSet(splits, recipe.Distill.TransferSet, recipe, transfer, First(recipe)), First(recipe), tokenizer, Collators(recipe, tokenizer, splits.Train), Context(recipe, splits, tokenizer), recipe) { TransferSets = transfer };
        var tokens = TokenSplits.Of(splits, transfer, recipe, tokenizer!, recipe.Input.MaxTokens ?? DefaultMaxTokens, cancellationToken);
        return new(tokens.Splits, TransferSet(tokens.Splits, recipe.Distill.TransferSet, recipe, tokens.Transfer, First(recipe)), First(recipe), tokenizer, Collators(recipe, tokenizer, tokens.Splits.Train), Context(recipe, tokens.Splits, tokenizer), recipe)
        {
            Streams = tokens.Streams,
            Remarks = [.. tokens.Remarks, .. ChatEnds.AreChats(tokens.Splits.Train) && ChatEnds.Of(tokens.Splits.Train, tokenizer!) is null ? (string[])[EndlessRemark] : []],
            TransferSets = tokens.Transfer,
        };
    }

    public static DataSplits Open(Catalog catalog, Recipe recipe, CancellationToken cancellationToken)
    {
        var data = recipe.Data;
        var train = Source(data.Train);
        var validation = data.Validation is null ? null : Source(data.Validation);
        var test = data.Test is null ? null : Source(data.Test);
        train = ChatTeacher.Named(recipe, train);
        train = LabelNeeds.Named(recipe, train, [validation, test]);
        var splits = recipe.Teacher?.Chat?.Rank is null ? Splits.Make(train, validation, test, data.Split) : QuerySplits.Make(train, validation, test, data.Split);
        if (recipe.Task == ModelTask.TokenClassification)
            TagSchemes.Check(splits.Train, data.TagScheme);
        return data.ImbalanceFactor is { } ratio ? splits with { Train = LongTail.Cut(splits.Train, ratio, data.Split?.Seed ?? 0) } : splits;

        Dataset Source(SourceOptions choice)
        {
            var samples = catalog.Open(TeacherContexts.Completed(choice, recipe), cancellationToken);
            return recipe.Task.IsLanguageModel() ? samples.WithOwnLabels()
                : recipe.Task == ModelTask.Embedding ? EmbeddingSamples.Of(samples)
                : samples.LabelKind == LabelKind.Content ? samples.WithoutLabels()
                : samples;
        }
    }

    private static void RequireTest(DataSplits splits)
    {
        if (splits.Test is null)
            throw new DecantException("There is no test split, so nothing could be measured: give 'data.test', or a share with 'data.split.test'.");
    }

    private static IEnumerable<string> LongTailRemark(Recipe recipe, Dataset train)
    {
        if (recipe.Data.ImbalanceFactor is not { } ratio)
            yield break;
        var counts = train.CountByClass();
        yield return string.Create(CultureInfo.InvariantCulture,
            $"The training split was made long-tailed, {ratio:0.###} : 1: it keeps {train.Count:N0} samples, from {counts[0]:N0} of {train.Classes[0]} down to {counts[^1]:N0} of {train.Classes[^1]}. Validation and test stay as they are.");
    }

    private static IEnumerable<string> OneClassRemark(Dataset train)
    {
        if (train is { LabelKind: LabelKind.Class, Classes: [var only], LabelledCount: > 0 })
            yield return $"All labels are the one class '{only}': so nothing can be learned from them or measured.";
    }

    private static long First(Recipe recipe) => recipe.RunSeeds()[0];

    /// <summary>What a student sees where the recipe says this of its transfer set.</summary>
    /// <param name="splits">The splits.</param>
    /// <param name="section">What the recipe says.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="transfer">The samples of other sources.</param>
    /// <param name="seed">The run's seed, which chooses the labels that the student may see.</param>
    public static Dataset TransferSet(DataSplits splits, TransferSection? section, Recipe recipe, TransferSets transfer, long seed)
    {
        if (transfer.Written is { } written)
            return written;
        // What is only measured has not opened them.
        if (section?.Data is not null && transfer.Sets.TryGetValue(section, out var set))
            return set;
        var student = splits.Train;
        if (section?.WithoutClasses is { Count: > 0 } left)
            student = StudentData.WithoutClasses(student, left);
        if (recipe.Data.StudentLabels is { } labels)
            student = StudentData.KeepLabels(student, (int)labels.Of(student.LabelledCount), Seeding.Labels(recipe.Data.Split?.Seed ?? 0, seed));
        if (section?.LabelledOnly is true)
            return student.LabelledOnly();
        return section is not null && transfer.NGrams.TryGetValue(section, out var ngrams) ? TransferSets.With(student, ngrams) : student;
    }

    // What the data of a language model or an embedding is its own label for stays so.
    private static Dataset Unlabelled(Dataset samples, Dataset train) => train.LabelKind == LabelKind.Content
        ? samples.WithOwnLabels()
        : samples.WithLabelsWhere(_ => false).WithClasses(train.Classes);

    private static ITokenizer Tokenizer(Catalog catalog, Recipe recipe, IReadOnlyList<Dataset> samples, CancellationToken cancellationToken)
    {
        // A student that begins as a model reads as that model does; else a teacher that is loaded with its tokenizer reads with that, and so does its student.
        if (recipe.Input.Tokenizer is { } choice)
            return catalog.TrainTokenizer(choice, samples.SelectMany(Texts), cancellationToken);
        if (recipe.Student.Load is { } begun && TokenizerFile.Exists(BaseFolder.ForText(begun)))
            return TokenizerFile.Load(BaseFolder.ForText(begun));
        if (recipe.LargeModels().Select(t => t.Section.Load).FirstOrDefault(load => load is not null && TokenizerFile.Exists(BaseFolder.ForText(load))) is { } folder)
            return TokenizerFile.Load(BaseFolder.ForText(folder));
        if (GgufTeachers.Tokenizer(recipe) is { } stored)
            return stored;
        foreach (var (path, teacher) in recipe.LargeModels())
            RequireModel(path, teacher);
        throw NoTokenizer();
    }

    // A folder that holds no model has no tokenizer either, and that is not what is wrong with it.
    private static void RequireModel(string path, LargeModelSection teacher)
    {
        if (teacher is { Load: { } load, Model: null } && !ModelFolder.IsOne(load))
            throw new DecantException($"{path}.load: {load}: expected a model's folder, with {ModelFolder.ConfigName}, weights and a tokenizer, came {(Directory.Exists(load) ? $"one without {ModelFolder.ConfigName}" : "no folder")}. Name the folder that has them.");
    }

    /// <summary>The message where nothing turns text into ids.</summary>
    public static DecantException NoTokenizer() => new(
        "Text needs a tokenizer: say 'input.tokenizer: { kind: wordpiece, vocabulary: 8000 }', or load a teacher from a folder that has a tokenizer (tokenizer.json, vocab.txt, …).");

    public static IEnumerable<string> Texts(Dataset samples) => Enumerable.Range(0, samples.Count).SelectMany(i => samples[i].Content switch
    {
        TextContent { Pair: null } text => [text.Text],
        TextContent pair => [pair.Text, pair.Pair!],
        RankingContent ranking => [ranking.Query, .. ranking.Documents],
        PromptContent prompt => [prompt.Prompt, prompt.Completion],
        ChatContent chat => [chat.Text],
        WordsContent sentence => new[] { string.Join(' ', sentence.Words) },
        var other => throw new DecantException($"{samples.Where(i)}: the recipe's input is text, but {samples.Name} has {other.GetType().Name}."),
    });

    private static Func<AugmentOptions?, ICollator> Collators(Recipe recipe, ITokenizer? tokenizer, Dataset train, ImageInput? ownImages = null)
    {
        var (input, images) = (recipe.Input, ownImages ?? recipe.Input);
        switch (input.Kind)
        {
            case InputKind.Text:
                return augment => TextCollators.Of(recipe, tokenizer!, train, input.MaxTokens ?? DefaultMaxTokens, augment);
            case InputKind.Image:
                Expect<ImageContent>(train, "image");
                return augment => new ImageCollator(images.Mean, images.Std, augment, images.Size);
            default:
                Expect<VectorContent>(train, "vector");
                return _ => new VectorCollator();
        }
    }

    private static void Expect<T>(Dataset train, string kind) where T : SampleContent
    {
        if (train[0].Content is not T)
            throw new DecantException($"{train.Name}: the recipe says 'input.kind: {kind}', but the samples are {train[0].Content.GetType().Name.Replace("Content", "s", StringComparison.Ordinal).ToLowerInvariant()}.");
    }

    /// <summary>The token after each text of a model that continues texts.</summary>
    private static int? End(Recipe recipe, ITokenizer? tokenizer) => recipe.Task == ModelTask.CausalLanguageModel && tokenizer is not null ? TokenSplits.EndOfText(tokenizer, recipe.Input.EndOfText) : null;

    /// <summary>The token that ends the assistant's messages of conversations.</summary>
    private static int? EndOfReply(Recipe recipe, Dataset train, ITokenizer? tokenizer) => recipe.Task == ModelTask.CausalLanguageModel && tokenizer is not null && ChatEnds.AreChats(train) ? ChatEnds.Of(train, tokenizer) : null;

    private static ModelContext Context(Recipe recipe, DataSplits splits, ITokenizer? tokenizer, ImageInput? ownImages = null) => new()
    {
        Task = recipe.Task,
        Classes = recipe.Task == ModelTask.Embedding ? 0 : splits.Classes.Count,
        ClassNames = recipe.Task == ModelTask.Embedding ? [] : splits.Classes,
        VocabularySize = tokenizer?.VocabularySize,
        PadToken = tokenizer?.Special.Filler ?? 0,
        IgnoredTokens = tokenizer is null ? [] : ContentlessTokens.Of(tokenizer),
        BeginToken = End(recipe, tokenizer) is { } begin ? TextBoundaries.BeginOfText(tokenizer!) ?? begin : null,
        EndTokens = [.. new[] { End(recipe, tokenizer), EndOfReply(recipe, splits.Train, tokenizer) }.OfType<int>().Distinct()],
        MaxTokens = recipe.Input.MaxTokens ?? DefaultMaxTokens,
        SampleShape = splits.Train[0].Content switch
        {
            ImageContent image => (ownImages ?? recipe.Input).Size is { } size ? [image.Channels, size, size] : [image.Channels, image.Height, image.Width],
            VectorContent vector => [vector.Values.Length],
            _ => [],
        },
    };
}
