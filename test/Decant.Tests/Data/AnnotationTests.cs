using Decant.Data;
using Decant.Data.Labels;
using Decant.Data.Sources;
using Decant.Data.Splitting;

namespace Decant.Tests.Data;

public sealed class AnnotationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tags_are_indices_into_the_classes_with_O_first()
    {
        using var data = Tagged();
        Assert.Equal(["O", "B-PER", "I-PER"], data.Classes);
        Assert.Equal([1, 2, 0], Tags(data, 0));
        Assert.Equal([0, 1], Tags(data, 1));
        Assert.Null(data[2].Annotation);
        Assert.Equal((LabelKind.Tags, 2, null), (data.LabelKind, data.LabelledCount, data[0].Label));
        Assert.Equal([2, 2, 1], data.CountByClass());
    }

    [Fact]
    public void Other_classes_translate_the_tags_and_an_unknown_one_is_refused_with_its_place()
    {
        using var data = Tagged();
        var other = data.WithClasses(["I-PER", "B-LOC", "B-PER", "O"]);
        Assert.Equal([2, 0, 3], Tags(other, 0));
        Assert.Equal([2, 0, 3], Tags(other.Subset([1, 0]), 1));
        var error = Assert.Throws<DecantException>(() => data.WithClasses(["O", "B-PER"]));
        Assert.Contains("sentences, sample 1, word 2: the tag 'I-PER' is not one of the 2 classes (O, B-PER)", error.Message);
        Assert.Equal([0, 1], Tags(data.Subset([1]).WithClasses(["O", "B-PER"]), 0)); // what is not in the part does not matter
    }

    [Fact]
    public void A_changed_annotation_changes_what_a_run_is_resumed_by()
    {
        using var data = Tagged();
        using var other = Dataset.FromTags("sentences", [(new WordsContent(["Marie", "Curie", "won"]), ["B-PER", "O", "O"])], data.Classes);
        Assert.Equal(data.IdOf(0), other.IdOf(0));
        Assert.NotEqual(data.LabelHashOf(0), other.LabelHashOf(0));
        Assert.Equal(data.LabelHashOf(0), data.Subset([1, 0]).LabelHashOf(1));
        Assert.Equal(-1, data.LabelHashOf(2));
    }

    [Fact]
    public void Hidden_annotations_are_gone_and_cannot_be_seen_in_a_sample()
    {
        using var data = Tagged();
        var hidden = data.WithLabelsWhere(i => i != 0);
        Assert.Null(hidden[0].Annotation);
        Assert.NotNull(hidden[1].Annotation);
        Assert.Equal((1, false, true), (hidden.LabelledCount, hidden.IsLabelled(0), hidden.IsLabelled(1)));
        Assert.Equal([1, 1, 0], hidden.CountByClass());
    }

    [Fact]
    public void Numbers_stay_with_their_samples_and_their_names_are_the_classes()
    {
        using var data = Dataset.FromNumbers("n", [(new TextContent("a"), [1.5f, 2f]), (new TextContent("b"), null)], ["x", "y"]);
        Assert.Equal([1.5f, 2f], Assert.IsType<NumberAnnotation>(data[0].Annotation).Numbers);
        Assert.Null(data[1].Annotation);
        Assert.Equal((LabelKind.Numbers, 1), (data.LabelKind, data.LabelledCount));
        Assert.Equal([1, 1], data.CountByClass());
        Assert.Contains("the numbers here are x, y, and those of the training data are score", Assert.Throws<DecantException>(() => data.WithClasses(["score"])).Message);
        var bad = Assert.Throws<DecantException>(() => Dataset.FromNumbers("n", [(new TextContent("a"), [float.NaN])]));
        Assert.Contains("n, sample 1: expected 1 finite numbers (score), came NaN", bad.Message);
    }

    [Fact]
    public void Splits_are_cut_from_annotated_data_too_and_keep_the_annotations()
    {
        using var data = Dataset.FromNumbers("n", Enumerable.Range(0, 100).Select(i => ((SampleContent)new TextContent($"text {i}"), i < 90 ? (IReadOnlyList<float>?)[i] : null)));
        using var splits = Splits.Make(data, options: new SplitOptions { Validation = 10, Test = 0.2 });
        Assert.Equal((72, 10, 18), (splits.Train.Count, splits.Validation!.Count, splits.Test!.Count));
        Assert.Equal(62, splits.Train.LabelledCount);
        foreach (var part in new[] { splits.Train, splits.Validation, splits.Test })
            for (var i = 0; i < part.Count; i++)
            {
                var number = int.Parse(((TextContent)part[i].Content).Text[5..]);
                Assert.Equal(number < 90 ? number : null, (part[i].Annotation as NumberAnnotation)?.Numbers[0]);
            }

        var few = StudentData.KeepLabels(splits.Train, 20, seed: 1);
        Assert.Equal((72, 20), (few.Count, few.LabelledCount));
        Assert.Contains("no classes that a sample belongs to", Assert.Throws<DecantException>(() => StudentData.WithoutClasses(data, ["score"])).Message);
    }

    [Fact]
    public void Content_can_be_its_own_label()
    {
        using var data = Dataset.From("t", [(new TextContent("a"), null), (new TextContent("b"), "x")]).WithOwnLabels();
        Assert.Equal((LabelKind.Content, 2, 0), (data.LabelKind, data.LabelledCount, data.Classes.Count));
        Assert.Equal(new Sample(data.IdOf(1), new TextContent("b"), null, ContentAnnotation.Instance), data[1]);
    }

    [Fact]
    public void Conll_columns_become_sentences_with_tags()
    {
        var file = _folder.Write("a.conll", "-DOCSTART- -X- O O\n\nEU NNP I-ORG\nrejects VBZ O\n \t\nPeter NNP B-PER\r\n\r\n\r\n! . O");
        using var data = new ConllOptions { File = file }.Open();
        Assert.Equal(["EU rejects", "Peter", "!"], Enumerable.Range(0, 3).Select(i => string.Join(' ', Words(data, i))));
        Assert.Equal(["O", "B-PER", "I-ORG"], data.Classes);
        Assert.Equal([2, 0], Tags(data, 0));
        Assert.Equal([$"{file}:3", $"{file}:6", $"{file}:9"], Enumerable.Range(0, 3).Select(data.Where));
        using var words = new ConllOptions { File = file, WordColumn = 2, Tags = false }.Open();
        Assert.Equal((0, "NNP"), (words.LabelledCount, Words(words, 0)[0]));
        using var tagged = new ConllOptions { File = file, TagColumn = 2, Classes = [".", "VBZ", "NNP"] }.Open();
        Assert.Equal([2, 1], Tags(tagged, 0));
    }

    [Fact]
    public void With_tabs_a_word_may_be_a_space_of_unicode_and_may_hold_one()
    {
        var file = _folder.Write("a.conll", "\u00A0\tO\nNew York\tB-LOC\n\n");
        using var data = new ConllOptions { File = file }.Open();
        Assert.Equal(["\u00A0", "New York"], Words(data, 0));
    }

    [Fact]
    public void Malformed_columns_are_told_all_at_once_with_their_lines()
    {
        var file = _folder.Write("a.conll", "EU I-ORG\nrejects\n\n\tO\nword\tO\n");
        var error = Assert.Throws<DecantException>(() => new ConllOptions { File = file }.Open());
        Assert.Equal([$"{file}:2: expected a word and its tag, came one column; say 'tags: false' for unlabelled sentences", $"{file}:4: the word (column 1) is empty"], error.Message.Split('\n'));
        var unknown = Assert.Throws<DecantException>(() => new ConllOptions { File = _folder.Write("b.conll", "a O\n\nb O\nc B-X\n"), Classes = ["O"] }.Open());
        Assert.Contains("b.conll:3, word 2: the tag 'B-X' is not one of the 1 classes", unknown.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Columns_of_numbers_make_a_regression(bool inMemory)
    {
        var file = _folder.Write("a.tsv", "a\tb\ts\tt\none\ttwo\t5.000\t-1e1\nthree\tfour\t\t\n");
        using var data = new TsvOptions { File = file, Text = "a", Pair = "b", Target = ["s", "t"], MaxInMemoryBytes = inMemory ? 1000 : 0 }.Open();
        Assert.Equal(["s", "t"], data.Classes);
        Assert.Equal(new TextContent("one", "two"), data[0].Content);
        Assert.Equal([5f, -10f], Assert.IsType<NumberAnnotation>(data[0].Annotation).Numbers);
        Assert.Null(data[1].Annotation);
    }

    [Fact]
    public void A_number_that_is_none_is_told_with_its_line()
    {
        var csv = _folder.Write("a.csv", "text,s,t\na,high,1\nb,1,\nc,nan,1\n");
        var error = Assert.Throws<DecantException>(() => new CsvOptions { File = csv, Target = ["s", "t"] }.Open());
        Assert.Equal([$"{csv}:2: 's' must be a number such as 3.75, came 'high'", $"{csv}:3: the row has no number in 't', and has others; give all of them or none",
            $"{csv}:4: 's' must be a number such as 3.75, came 'nan'"], error.Message.Split('\n'));
        var jsonl = _folder.Write("a.jsonl", "{\"text\": \"a\", \"s\": 2}\n{\"text\": \"b\", \"s\": \"2\"}");
        Assert.Contains("a.jsonl:2: 's' must be a number, came \"2\"", Assert.Throws<DecantException>(() => new JsonlOptions { File = jsonl, Target = ["s"] }.Open()).Message);
        Assert.Contains("there is no column 'score' ('target')", Assert.Throws<DecantException>(() => new CsvOptions { File = csv, Target = ["score"] }.Open()).Message);
        Assert.Contains("leave one of the two out", Assert.Throws<DecantException>(() => new CsvOptions { File = csv, Target = ["s"], Completion = "t" }.Open()).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Prompts_come_with_their_completions_and_are_their_own_labels(bool inMemory)
    {
        var jsonl = _folder.Write("a.jsonl", "{\"prompt\": \"2+2=\", \"completion\": \"4\"}\n{\"prompt\": \"1+2=\", \"completion\": \"3\"}");
        using var data = new JsonlOptions { File = jsonl, Completion = "completion", MaxInMemoryBytes = inMemory ? 1000 : 0 }.Open();
        Assert.Equal([new PromptContent("2+2=", "4"), new PromptContent("1+2=", "3")], new[] { data[0].Content, data[1].Content });
        Assert.Equal((LabelKind.Content, 2), (data.LabelKind, data.LabelledCount));
        Assert.NotEqual(Dataset.From("t", [(new TextContent("2+2=", "4"), null)]).IdOf(0), data.IdOf(0));
        var csv = _folder.Write("a.csv", "q,a\nwhy,because\nwho,\n");
        Assert.Contains("a.csv:3: the completion is empty", Assert.Throws<DecantException>(() => new CsvOptions { File = csv, Prompt = "q", Completion = "a" }.Open()).Message);
    }

    [Fact]
    public void Wnut17_is_read_sentence_by_sentence()
    {
        Dataset Open(string name) => new ConllOptions { File = RealData.Find($"wnut17/{name}") }.Open();
        using var train = Open("wnut17train.conll");
        using var dev = Open("emerging.dev.conll");
        using var test = Open("emerging.test.annotated");
        Assert.Equal((12, 12, 7), (train.Count, dev.Count, test.Count));
        Assert.Equal((182, 182, 193), (train.CountByClass().Sum(), dev.CountByClass().Sum(), test.CountByClass().Sum()));
        Assert.Equal(["@paulwalk", "It", "'s", "the", "view", "from"], Words(train, 0).Take(6));
        var tags = train.Classes.Zip(train.CountByClass()).ToDictionary();
        Assert.Equal(8, tags.Count);
        Assert.Equal((173, 2, 2, 1, 1, 1, 1, 1), (tags["O"], tags["B-location"], tags["I-location"], tags["B-group"], tags["B-corporation"], tags["B-person"], tags["B-creative-work"], tags["B-product"]));
        Assert.Contains("emerging.dev.conll:34, word 11: the tag 'I-creative-work' is not one of the 8 classes", Assert.Throws<DecantException>(() => Splits.Make(train, dev, test)).Message);
    }

    [Fact]
    public void Sts_b_has_its_published_counts()
    {
        TsvOptions Options(string name) => new() { File = TestData.Need($"sts-b/{name}.tsv"), Text = "sentence1", Pair = "sentence2", Target = ["score"] };
        using var train = Options("train").Open();
        using var dev = Options("dev").Open();
        Assert.Equal((5_749, 1_500), (train.Count, dev.Count));
        Assert.Equal((5_749, 1_500), (train.LabelledCount, dev.LabelledCount));
        Assert.Equal(5f, Assert.IsType<NumberAnnotation>(train[0].Annotation).Numbers[0]);
        Assert.Equal(new TextContent("A man with a hard hat is dancing.", "A man wearing a hard hat is dancing."), dev[0].Content);
    }

    private static Dataset Tagged() => Dataset.FromTags("sentences",
    [
        (new WordsContent(["Marie", "Curie", "won"]), ["B-PER", "I-PER", "O"]),
        (new WordsContent(["by", "Marie"]), ["O", "B-PER"]),
        (new WordsContent(["unknown"]), null),
    ]);

    private static IEnumerable<int> Tags(Dataset data, int index) => Assert.IsType<TagAnnotation>(data[index].Annotation).Tags;

    private static IReadOnlyList<string> Words(Dataset data, int index) => Assert.IsType<WordsContent>(data[index].Content).Words;
}
