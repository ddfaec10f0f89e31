import { DropdownMenu } from '@kobalte/core/dropdown-menu'
import Check from 'lucide-solid/icons/check'
import { For, Show, type JSX } from 'solid-js'
import { popupHome } from './overlay.ts'

export interface MenuItem {
  label: string
  icon?: JSX.Element
  onSelect: () => void
  danger?: boolean
  disabled?: boolean
  /** One of several choices: shown with a mark when true. */
  checked?: boolean
  /** A line before it. */
  separated?: boolean
}

export interface MenuProps {
  /** The button's accessible name. */
  label: string
  /** What the button shows. */
  trigger: JSX.Element
  triggerClass?: string
  items: readonly MenuItem[]
  placement?: 'bottom-start' | 'bottom-end' | 'top-start' | 'top-end'
}

const itemClass =
  'flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none data-disabled:cursor-not-allowed data-disabled:opacity-50 data-highlighted:bg-hover'

/** A button that opens a list of actions. */
export function Menu(props: MenuProps) {
  return (
    <DropdownMenu placement={props.placement ?? 'bottom-end'} gutter={4} modal={false}>
      <DropdownMenu.Trigger
        aria-label={props.label}
        title={props.label}
        class={
          props.triggerClass ??
          'grid size-8 place-items-center rounded-lg text-soft transition-colors hover:bg-hover hover:text-ink data-expanded:bg-hover [&_svg]:size-[1.125rem]'
        }
      >
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal mount={popupHome()}>
        <DropdownMenu.Content class="z-50 min-w-48 animate-appear rounded-lg border border-line bg-raised p-1 shadow-high outline-none">
          <For each={props.items}>
            {(item) => (
              <>
                <Show when={item.separated}>
                  <DropdownMenu.Separator class="mx-1 my-1 border-line" />
                </Show>
                <Show
                  when={item.checked !== undefined}
                  fallback={
                    <DropdownMenu.Item
                      class={`${itemClass} ${item.danger ? 'text-red' : ''}`}
                      disabled={item.disabled}
                      onSelect={() => item.onSelect()}
                    >
                      <Show when={item.icon}>
                        <span aria-hidden="true" class="[&>svg]:size-4">
                          {item.icon}
                        </span>
                      </Show>
                      {item.label}
                    </DropdownMenu.Item>
                  }
                >
                  <DropdownMenu.CheckboxItem
                    class={itemClass}
                    checked={item.checked ?? false}
                    disabled={item.disabled}
                    onChange={() => item.onSelect()}
                    closeOnSelect
                  >
                    <Show when={item.icon}>
                      <span aria-hidden="true" class="[&>svg]:size-4">
                        {item.icon}
                      </span>
                    </Show>
                    <span class="flex-1">{item.label}</span>
                    <DropdownMenu.ItemIndicator>
                      <Check aria-hidden="true" class="size-4 text-accent" />
                    </DropdownMenu.ItemIndicator>
                  </DropdownMenu.CheckboxItem>
                </Show>
              </>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  )
}
