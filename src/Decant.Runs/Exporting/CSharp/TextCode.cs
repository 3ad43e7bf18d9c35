namespace Decant.Runs.Exporting.CSharp;

/// <summary>The classes around students that answer with something else than a class.</summary>
internal static class TextCode
{
    /// <summary>Around a tagger of words.</summary>
    public static string Tagger(Student student) => CodeFile.Of(student, "TokenTagger", "Tags the words of texts, and finds the entities in them, on this machine, with a model that lies beside the program.", """
            /// <summary>The tags.</summary>
            public static IReadOnlyList<string> Labels => s_labels;

            /// <summary>Tags the words of a text, which white space separates.</summary>
            /// <exception cref="DecantException">The text is blank, or the model could not be loaded or run.</exception>
            public static TaggedText Tag(string text) => s_model.Value.Tag(text);

            /// <summary>Tags texts, those of similar length together; the answers are in the order of the texts.</summary>
            /// <exception cref="DecantException">A text is blank, or the model could not be loaded or run.</exception>
            public static IReadOnlyList<TaggedText> Tag(IReadOnlyList<string> texts, CancellationToken cancellationToken = default) => s_model.Value.Tag(texts, cancellationToken);
        """, names: "Labels");

    /// <summary>Around a regression.</summary>
    public static string Scorer(Student student)
    {
        var (what, pair) = student.ReadsPairs ? ("pair of texts", "string pair") : ("text, or a pair of texts", "string? pair = null");
        return CodeFile.Of(student, "TextPairScorer", $"Scores a {what} on this machine, with a model that lies beside the program.", $$"""
                /// <summary>The names of the numbers in <see cref="PairScore.Values"/>.</summary>
                public static IReadOnlyList<string> Names => s_labels;

                /// <summary>Scores a {{what}}.</summary>
                /// <exception cref="DecantException">A text is blank, or the model could not be loaded or run.</exception>
                public static PairScore Score(string text, {{pair}}) => s_model.Value.Score(text, pair);

                /// <summary>Scores texts, those of similar length together; the answers are in their order.</summary>
                /// <exception cref="DecantException">A text is blank, or the model could not be loaded or run.</exception>
                public static IReadOnlyList<PairScore> Score(IReadOnlyList<(string Text, string? Pair)> pairs, CancellationToken cancellationToken = default) =>
                    s_model.Value.Score(pairs, cancellationToken);
            """, names: "Names");
    }

    /// <summary>Around an embedder.</summary>
    public static string Embedder(Student student) => CodeFile.Of(student, "SentenceEmbedder", "Makes vectors of texts on this machine, with a model that lies beside the program.", """
            /// <summary>How many numbers a vector has.</summary>
            public static int Dimensions => s_model.Value.Dimensions;

            /// <summary>The vector of a text.</summary>
            /// <exception cref="DecantException">The text is blank, or the model could not be loaded or run.</exception>
            public static TextEmbedding Embed(string text) => s_model.Value.Embed(text);

            /// <summary>The vectors of texts, those of similar length together; they are in the order of the texts.</summary>
            /// <exception cref="DecantException">A text is blank, or the model could not be loaded or run.</exception>
            public static IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default) => s_model.Value.Embed(texts, cancellationToken);
        """);

    /// <summary>Around a language model.</summary>
    public static string Generator(Student student) => CodeFile.Of(student, "TextGenerator", "Continues texts on this machine, with a model that lies beside the program.", """
            /// <summary>Continues a text.</summary>
            /// <param name="prompt">The text.</param>
            /// <param name="options">Null: greedy, 128 tokens at most.</param>
            /// <param name="cancellationToken">Stops between tokens.</param>
            /// <exception cref="DecantException">The prompt has no token or too many, an option is out of its range, or the model could not be loaded or run.</exception>
            public static GeneratedText Generate(string prompt, TextGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
                s_model.Value.Generate(prompt, options, cancellationToken);

            /// <summary>Continues a text and gives every piece as soon as it is known.</summary>
            /// <param name="prompt">The text.</param>
            /// <param name="options">Null: greedy, 128 tokens at most.</param>
            /// <param name="cancellationToken">Stops between tokens.</param>
            public static IAsyncEnumerable<string> StreamAsync(string prompt, TextGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
                s_model.Value.StreamAsync(prompt, options, cancellationToken);
        """);

    /// <summary>Around a masked language model.</summary>
    public static string Filler(Student student) => CodeFile.Of(student, "MaskFiller", "Predicts masked tokens of texts on this machine, with a model that lies beside the program.", """
            /// <summary>How the mask is written in a text.</summary>
            public static string Mask => s_model.Value.Mask;

            /// <summary>The most probable tokens at every mask of a text, in the order of the masks.</summary>
            /// <exception cref="DecantException">The text has no mask, or the model could not be loaded or run.</exception>
            public static IReadOnlyList<IReadOnlyList<MaskedToken>> Fill(string text, int top = 5) => s_model.Value.Fill(text, top);
        """);
}
