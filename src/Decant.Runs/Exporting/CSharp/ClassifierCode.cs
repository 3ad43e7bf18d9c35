namespace Decant.Runs.Exporting.CSharp;

/// <summary>The class around a classifier of texts.</summary>
internal static class ClassifierCode
{
    /// <summary>Of single texts.</summary>
    public static string Of(Student student) => CodeFile.Of(student, "TextClassifier", "Classifies texts on this machine, with a model that lies beside the program.", $$"""
        {{LabelTypes.Members(student)}}

            /// <summary>Classifies a text.</summary>
            /// <exception cref="DecantException">The text is blank, or the model could not be loaded or run.</exception>
            public static {{student.Name.Class}}Answer Classify(string text) => Answer(s_model.Value.Classify(text));

            /// <summary>Classifies texts, those of similar length together; the answers are in the order of the texts.</summary>
            /// <exception cref="DecantException">A text is blank, or the model could not be loaded or run.</exception>
            public static IReadOnlyList<{{student.Name.Class}}Answer> Classify(IReadOnlyList<string> texts, CancellationToken cancellationToken = default) =>
                [.. s_model.Value.Classify(texts, cancellationToken).Select(Answer)];

        {{Answer(student)}}
        """, LabelTypes.Types(student, "a text"), "Labels");

    /// <summary>Of pairs of texts.</summary>
    public static string OfPairs(Student student) => CodeFile.Of(student, "TextPairScorer", "Classifies pairs of texts on this machine, with a model that lies beside the program.", $$"""
        {{LabelTypes.Members(student)}}

            /// <summary>Classifies a pair of texts.</summary>
            /// <exception cref="DecantException">A text is blank, or the model could not be loaded or run.</exception>
            public static {{student.Name.Class}}Answer Classify(string text, string pair) => Answer(s_model.Value.Score(text, pair));

            /// <summary>Classifies pairs, those of similar length together; the answers are in the order of the pairs.</summary>
            /// <exception cref="DecantException">A text is blank, or the model could not be loaded or run.</exception>
            public static IReadOnlyList<{{student.Name.Class}}Answer> Classify(IReadOnlyList<(string Text, string? Pair)> pairs, CancellationToken cancellationToken = default) =>
                [.. s_model.Value.Score(pairs, cancellationToken).Select(Answer)];

            private static {{student.Name.Class}}Answer Answer(PairScore own) =>
                new(({{student.Name.Class}}Label)Array.IndexOf(s_labels, own.Label), own.Score, own.Values, own.IsTruncated);
        """, LabelTypes.Types(student, "a pair of texts"), "Names");

    /// <summary>Of images, or of vectors of numbers.</summary>
    public static string OfImages(Student student) => CodeFile.Of(student, "ImageClassifier", "Classifies images, or vectors of numbers, on this machine, with a model that lies beside the program.", $$"""
        {{LabelTypes.Members(student)}}

            /// <summary>The shape of an image, [channels, height, width], or of a vector; −1 where any size will do.</summary>
            public static IReadOnlyList<long> InputShape => s_model.Value.InputShape;

            /// <summary>Classifies an image.</summary>
            /// <param name="pixels">Its numbers, channel after channel, row after row: from 0 to 1 where the model's folder has a preprocessor_config.json, else as the model was trained on them.</param>
            /// <exception cref="DecantException">The numbers are too many, too few or out of their range, or the model could not be loaded or run.</exception>
            public static {{student.Name.Class}}Answer Classify(float[] pixels) => Answer(s_model.Value.Classify(pixels));

            /// <summary>Classifies an image of bytes, channel after channel, row after row.</summary>
            /// <exception cref="DecantException">The bytes are too many or too few, the model reads vectors, or it could not be loaded or run.</exception>
            public static {{student.Name.Class}}Answer Classify(byte[] pixels) => Answer(s_model.Value.Classify(pixels));

            /// <summary>Classifies images; the answers are in their order.</summary>
            /// <exception cref="DecantException">The numbers of one are too many, too few or out of their range, or the model could not be loaded or run.</exception>
            public static IReadOnlyList<{{student.Name.Class}}Answer> Classify(IReadOnlyList<float[]> images, CancellationToken cancellationToken = default) =>
                [.. s_model.Value.Classify([.. images.Select(i => new ReadOnlyMemory<float>(i))], cancellationToken: cancellationToken).Select(Answer)];

        {{Answer(student)}}
        """, LabelTypes.Types(student, "an image"), "Labels");

    private static string Answer(Student student) => $$"""
            private static {{student.Name.Class}}Answer Answer(Classification own) =>
                new(({{student.Name.Class}}Label)Array.IndexOf(s_labels, own.Label), own.Probability, own.Probabilities, own.IsTruncated);
        """;
}
