using System.Globalization;

namespace Decant.Runs.Exporting.CSharp;

/// <summary>The classes of a student as an enumeration, and the type of its answers.</summary>
internal static class LabelTypes
{
    /// <summary>The members that say the names of the classes.</summary>
    public static string Members(Student student) => $$"""
            /// <summary>The names of the classes in the training data, in the order of <see cref="{{student.Name.Class}}Label"/>.</summary>
            public static IReadOnlyList<string> Labels => s_labels;

            /// <summary>The name of a class in the training data.</summary>
            public static string LabelOf({{student.Name.Class}}Label label) => s_labels[(int)label];
        """;

    /// <summary>Both types.</summary>
    /// <param name="student">The student.</param>
    /// <param name="what">What is classified: a text, an image.</param>
    public static string Types(Student student, string what) => $$"""
        /// <summary>The classes; <see cref="{{student.Name.Class}}.LabelOf"/> gives their names in the training data.</summary>
        public enum {{student.Name.Class}}Label
        {
        {{string.Join("\n\n", LabelNames.Of(student.Labels).Select((name, i) => Member(student.Labels[i], name, i)))}}
        }

        /// <summary>The class of {{what}}.</summary>
        /// <param name="Label">The most probable class.</param>
        /// <param name="Probability">Its probability, 0 to 1.</param>
        /// <param name="Probabilities">The probabilities of all classes, in their order; the sum is 1.</param>
        /// <param name="IsTruncated">Whether the text was longer than the model reads, so that its end was left out.</param>
        public sealed record {{student.Name.Class}}Answer({{student.Name.Class}}Label Label, float Probability, IReadOnlyList<float> Probabilities, bool IsTruncated)
        {
            /// <summary>The probability of a class, 0 to 1.</summary>
            public float ProbabilityOf({{student.Name.Class}}Label label) => Probabilities[(int)label];
        }
        """;

    private static string Member(string label, string name, int index) => string.Create(CultureInfo.InvariantCulture, $"    /// <summary><c>{CSharpText.Comment(label)}</c></summary>\n    {name} = {index},");
}
