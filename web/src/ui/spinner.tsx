/** The one spinner of the product: « En cours ». Decorative: words say it too. */
export function Spinner(props: { class?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      aria-hidden="true"
      class={`animate-spinner ${props.class ?? 'size-3.5'}`}
    >
      <circle cx="8" cy="8" r="6.25" stroke="currentColor" stroke-width="2" opacity="0.25" />
      <path
        d="M14.25 8A6.25 6.25 0 0 0 8 1.75"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
      />
    </svg>
  )
}
